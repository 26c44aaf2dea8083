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

/** All that was read on this page: two sides of a thing have one serial number, and maybe a number more each. */
const known = new Map<string, Code>();

/** Until `stop`; `line` says what was read whenever that is something new. */
export async function lookThrough(video: HTMLVideoElement, stop: AbortSignal, line: HTMLElement): Promise<void> {
  const seen = new Map<string, number>();
  while (!stop.aborted && wanted()) {
    const began = performance.now();
    const codes = await codesIn(video);
    const sure = codes.filter((code) => count(seen, code) === AGREE);
    if (!stop.aborted) learn(sure, (about, serial) => say(line, about, serial));
    await new Promise((wait) => window.setTimeout(wait, Math.max(REST, performance.now() - began)));
  }
}

function learn(codes: Code[], tell?: Parameters<typeof hear>[1]): void {
  if (!codes.length) return;
  codes.forEach((code) => known.set(code.text, code));
  hear(serialIn([...known.values()], format()), tell);
}

function count(seen: Map<string, number>, { text }: Code): number {
  const times = (seen.get(text) ?? 0) + 1;
  seen.set(text, times);
  return times;
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
  learn(await readCodes(frame));
}
