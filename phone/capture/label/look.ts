// Looks for the serial number: in what the camera sees while it looks at the label, and in a photo of it.
import { largest } from "../server.ts";
import { type Code, serialIn } from "./codes.ts";
import { format, hear, say, wanted } from "./field.ts";
import { readCodes } from "./reader.ts";

const REST = 300; // milliseconds between two looks, or as long as the look took: a slow phone has the gate to run as well
const AGREE = 2; // looks that must see a code: kinds without check digits can be misread once
const MIDDLE = 0.6; // of the picture's height: the box that the label is held in, and a bit around it
const LONG = 1600; // pixels; a code of a hand's width is still read, and in half the time
const PHOTO_WIDE = 1800;

/** Until `stop`; `line` says what was read whenever that is something new. */
export async function lookThrough(video: HTMLVideoElement, stop: AbortSignal, line: HTMLElement): Promise<void> {
  const seen = new Map<string, { code: Code; times: number }>();
  let known = 0;
  while (!stop.aborted && wanted()) {
    const began = performance.now();
    for (const code of await codesIn(video)) count(seen, code);
    const sure = [...seen.values()].filter(({ times }) => times >= AGREE).map(({ code }) => code);
    if (sure.length > known && !stop.aborted) {
      known = sure.length;
      hear(serialIn(sure, format()), (about, serial) => say(line, about, serial));
    }
    await new Promise((wait) => window.setTimeout(wait, Math.max(REST, performance.now() - began)));
  }
}

function count(seen: Map<string, { code: Code; times: number }>, code: Code): void {
  seen.set(code.text, { code, times: (seen.get(code.text)?.times ?? 0) + 1 });
}

/** A frame that cannot be had, as a camera's first may not, is passed over; a reader that fails ends it all. */
async function codesIn(video: HTMLVideoElement): Promise<Code[]> {
  const { videoWidth: wide, videoHeight: high } = video;
  const part = Math.round(high * MIDDLE);
  const small = Math.min(1, LONG / Math.max(wide, part));
  const size = { resizeWidth: Math.round(wide * small), resizeHeight: Math.round(part * small) };
  const frame = await createImageBitmap(video, 0, Math.round((high - part) / 2), wide, part, size).catch(() => undefined);
  return frame ? readCodes(frame) : [];
}

/** What the browser cannot open, as many cannot open HEIC, is left to the server, which reads every photo again. */
export async function lookAt(photo: Blob): Promise<void> {
  if (!wanted() || photo.size > largest) return;
  const frame = await createImageBitmap(photo, { resizeWidth: PHOTO_WIDE, resizeQuality: "high" });
  hear(serialIn(await readCodes(frame), format()));
}
