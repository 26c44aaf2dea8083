// Pixels for the gate. Straight from the video's frame where the browser hands them out, into the same memory each time;
// by a canvas elsewhere, which in some browsers keeps every frame that it ever drew for a while.
import type { Picture } from "../../gate/index.ts";

/** The long side that the gate itself works on, so that it says of a frame what it will say of the photo. */
export const LONG = 1024;
const RGBA = { format: "RGBA" } as VideoFrameCopyToOptions;

let copies = "VideoFrame" in window;

/** `spare`: memory that is free again. Throws while a video has no frame yet. */
export async function pixelsOfFrame(video: HTMLVideoElement, spare?: ArrayBuffer): Promise<Picture> {
  const large = Math.max(video.videoWidth, video.videoHeight) > 1.5 * LONG; // the gate would shrink it, but slowly
  if (!copies || large || !video.videoWidth) return pixelsOf(video, video.videoWidth, video.videoHeight);
  const frame = new VideoFrame(video);
  try {
    return await copied(frame, spare);
  } catch (problem) {
    copies = !(problem instanceof TypeError || (problem as Error).name === "NotSupportedError"); // as RGBA, it means
    throw problem;
  } finally {
    frame.close();
  }
}

async function copied(frame: VideoFrame, spare: ArrayBuffer | undefined): Promise<Picture> {
  const { width, height } = frame.visibleRect!;
  const memory = spare?.byteLength === width * height * 4 ? spare : new ArrayBuffer(width * height * 4);
  await frame.copyTo(memory, RGBA);
  return { data: new Uint8ClampedArray(memory), width, height };
}

export function pixelsOf(picture: CanvasImageSource, wide: number, high: number): Picture {
  const scale = Math.min(1, LONG / Math.max(wide, high));
  const size = { width: Math.round(wide * scale), height: Math.round(high * scale) };
  const brush = Object.assign(document.createElement("canvas"), size).getContext("2d", { willReadFrequently: true })!;
  brush.imageSmoothingQuality = "medium";
  brush.drawImage(picture, 0, 0, size.width, size.height);
  return brush.getImageData(0, 0, size.width, size.height);
}
