// One photo from an open camera: the camera's own where it gives a JPEG, else the video's frame in full size.
import { judged } from "./frames.ts";
import { pixelsOf } from "./pixels.ts";

const PATIENCE = 4000; // milliseconds; some cameras never answer
const QUALITY = 0.92;
const BURST = 5; // frames
const LARGEST = 16_000_000; // pixels; canvases of some phones end just above

/** `dim`: little light, so several frames are looked at and the sharpest is kept. */
export async function takeStill(video: HTMLVideoElement, track: MediaStreamTrack, dim: boolean): Promise<Blob> {
  if (dim) return sharpest(video);
  return (await ownPhoto(track)) ?? encoded(await frameOf(video));
}

/** A camera's own photo has more pixels than its video. A PNG of it would be ten times as heavy for no more detail. */
async function ownPhoto(track: MediaStreamTrack): Promise<Blob | undefined> {
  if (!("ImageCapture" in window)) return undefined;
  const late = new Promise<undefined>((tell) => window.setTimeout(tell, PATIENCE));
  const photo = await Promise.race([new ImageCapture(track).takePhoto(), late]).catch(() => undefined);
  return photo?.type === "image/jpeg" && photo.size > 0 ? photo : undefined;
}

/** Never more than two frames in memory at once: the best so far, and the one that is looked at. */
async function sharpest(video: HTMLVideoElement): Promise<Blob> {
  let [best, most] = [await frameOf(video), -1];
  for (let count = 0; count < BURST; count++) {
    const frame = count ? await frameOf(video).catch(() => undefined) : best;
    const sharp = frame ? await sharpness(frame) : -1;
    if (frame && sharp > most) {
      if (frame !== best) best.close();
      [best, most] = [frame, sharp];
    } else if (frame !== best) frame?.close();
  }
  return encoded(best);
}

async function sharpness(frame: ImageBitmap): Promise<number> {
  const looked = judged(pixelsOf(frame, frame.width, frame.height));
  return looked.then((verdict) => verdict.scores.sharp, () => 0);
}

/** The first one after a camera opens can throw, so it is asked for a second time. */
async function frameOf(video: HTMLVideoElement): Promise<ImageBitmap> {
  return createImageBitmap(video).catch(async () => {
    await new Promise((wait) => window.setTimeout(wait, 100));
    return createImageBitmap(video);
  });
}

async function encoded(frame: ImageBitmap): Promise<Blob> {
  const scale = Math.min(1, Math.sqrt(LARGEST / (frame.width * frame.height)));
  const size = { width: Math.floor(frame.width * scale), height: Math.floor(frame.height * scale) };
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d")!.drawImage(frame, 0, 0, canvas.width, canvas.height);
  frame.close();
  const blob = await new Promise<Blob | null>((keep) => canvas.toBlob(keep, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // some phones keep a canvas' memory for long
  if (!blob) throw new Error("broken");
  return blob;
}
