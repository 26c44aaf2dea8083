// Looks at the video about six times a second: one small frame at a time to the gate beside the page.
import type { Verdict } from "../../gate/judge.ts";

/** Anything that a canvas draws, and its size. */
export interface Source {
  picture: CanvasImageSource;
  width: number;
  height: number;
}

export interface Looked {
  at: number;
  verdict: Verdict;
  moved: boolean;
}

const EVERY = 160; // milliseconds
// The long side that the gate itself works on, so that it says of a frame what it will say of the photo.
const LONG = 1024;
const GIVE_UP = 20; // frames in a row that could not be looked at
const GRID = 12; // cells along each side
const MOVED = 9; // of 255: how much a cell changes on average when the hand moves, and noise does not

const canvas = document.createElement("canvas");

/** Calls `tell` with each frame's verdict until `stop`; frames that throw, as a camera's first may, are passed over. */
export async function watchFrames(video: HTMLVideoElement, stop: AbortSignal, tell: (looked: Looked) => void): Promise<void> {
  let [before, failed]: [Uint8Array | undefined, number] = [undefined, 0];
  while (!stop.aborted && failed < GIVE_UP) {
    const at = performance.now();
    try {
      const pixels = pixelsOf({ picture: video, width: video.videoWidth, height: video.videoHeight });
      const cells = cellsOf(pixels);
      const moved = before !== undefined && difference(before, cells) > MOVED;
      const verdict = await judgedPixels(pixels);
      before = cells;
      failed = 0;
      if (!stop.aborted) tell({ at, verdict, moved });
    } catch {
      failed += 1;
    }
    await new Promise((wait) => window.setTimeout(wait, Math.max(30, at + EVERY - performance.now())));
  }
}

export async function judged(source: Source): Promise<Verdict> {
  return judgedPixels(pixelsOf(source));
}

/** The gate comes when the first frame is there, not before. The pixels are handed to it, and forgotten when they come back. */
async function judgedPixels(pixels: ImageData): Promise<Verdict> {
  const { judgeInWorker } = await import("../../gate/index.ts");
  return judgeInWorker(pixels);
}

/** The picture, small. Throws while a video has no frame yet. */
function pixelsOf({ picture, width, height }: Source): ImageData {
  const scale = Math.min(1, LONG / Math.max(width, height));
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const brush = canvas.getContext("2d", { willReadFrequently: true })!;
  brush.imageSmoothingQuality = "medium";
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}

/** Mean green of a coarse grid: enough to tell another view from the same one. */
function cellsOf({ data, width, height }: ImageData): Uint8Array {
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
