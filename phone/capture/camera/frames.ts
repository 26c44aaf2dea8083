// Looks at the video about six times a second: one small frame at a time to the gate beside the page.
import type { Judged, Picture } from "../../gate/index.ts";
import type { Verdict } from "../../gate/judge.ts";
import { LONG, pixelsOf, pixelsOfFrame } from "./pixels.ts";
import { smaller } from "./camera.ts";

export interface Looked {
  at: number;
  verdict: Verdict;
  moved: boolean;
}

const EVERY = 160; // milliseconds
const GIVE_UP = 20; // frames in a row that could not be looked at
const GRID = 12; // cells along each side
const MOVED = 9; // of 255: how much a cell changes on average when the hand moves, and noise does not

/** Calls `tell` with each frame's verdict until `stop`; frames that throw, as a camera's first may, are passed over. */
export async function watchFrames(
  video: HTMLVideoElement, track: MediaStreamTrack, stop: AbortSignal, tell: (looked: Looked) => void,
): Promise<void> {
  let [before, failed, spare]: [Uint8Array | undefined, number, ArrayBuffer | undefined] = [undefined, 0, undefined];
  const seen = await smaller(track, video, LONG, stop);
  while (!stop.aborted && failed < GIVE_UP) {
    const at = performance.now();
    try {
      const picture = await pixelsOfFrame(seen, spare);
      const cells = cellsOf(picture);
      const { pixels, ...verdict } = await judged(picture);
      const moved = before !== undefined && difference(before, cells) > MOVED;
      [before, failed, spare] = [cells, 0, pixels];
      if (!stop.aborted) tell({ at, verdict, moved });
    } catch {
      failed += 1;
    }
    await new Promise((wait) => window.setTimeout(wait, Math.max(30, at + EVERY - performance.now())));
  }
}

/** The gate comes when the first frame is there, not before. */
export async function judged(picture: Picture): Promise<Judged> {
  const { judgeInWorker } = await import("../../gate/index.ts");
  return judgeInWorker(picture);
}

/** Mean green of a coarse grid: enough to tell another view from the same one. */
function cellsOf({ data, width, height }: Picture): Uint8Array {
  const sums = new Float64Array(GRID * GRID), counts = new Int32Array(GRID * GRID);
  for (let row = 0; row < height; row += 8) {
    for (let column = 0; column < width; column += 8) {
      const cell = Math.floor((row * GRID) / height) * GRID + Math.floor((column * GRID) / width);
      sums[cell]! += data[(row * width + column) * 4 + 1]!;
      counts[cell]! += 1;
    }
  }
  return Uint8Array.from(sums, (sum, cell) => sum / Math.max(1, counts[cell]!));
}

function difference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, value, cell) => sum + Math.abs(value - other[cell]!), 0) / one.length;
}
