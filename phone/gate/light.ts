// How bright the picture is: the whole of it, it without studio paper, and the brightest of 8 × 8 tiles.
import { atShare, perThousand, total } from "./histogram.ts";
import type { Grey } from "./luma.ts";
import type { Measures } from "./measures.ts";

const TILES = 8;
const CELL = 16;
const LIGHTS = [10, 500, 750, 950, 990] as const; // thousandths of the pixels

/** Brightness of the whole picture, and ("seen") of it without cells that are pure black or white. */
export function light(grey: Grey): Measures {
  const whole = new Int32Array(256);
  const brightest = brightestTile(grey, whole);
  return { ...brightness(whole, ""), ...brightness(withoutPaper(grey, whole), "seen_"), tile_brightest: brightest };
}

/** Mean and percentiles (0..255, named in thousandths), and the share of very dark pixels in thousandths. */
function brightness(histogram: Int32Array, prefix: string): Measures {
  const all = total(histogram);
  const weighed = histogram.reduce((sum, count, value) => sum + count * value, 0);
  const found: Measures = { [`${prefix}mean`]: Math.floor(weighed / all) };
  for (const share of LIGHTS) found[`${prefix}light${share}`] = atShare(histogram, share * all, 1000);
  found[`${prefix}below_40`] = perThousand(total(histogram.subarray(0, 40)), all);
  return found;
}

/** The counts of all cells but those wholly below 4 or above 251; of all pixels when hardly a cell is left. */
function withoutPaper(grey: Grey, whole: Int32Array): Int32Array {
  const rows = Math.floor(grey.height / CELL), columns = Math.floor(grey.width / CELL);
  const seen = Int32Array.from(whole);
  let left = rows * columns;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (isPaper(grey, row * CELL, column * CELL)) {
        take(seen, grey, row * CELL, column * CELL, CELL, CELL);
        left--;
      }
    }
  }
  if (left === 0 || left * 50 < rows * columns) return whole;
  take(seen, grey, 0, columns * CELL, rows * CELL, grey.width - columns * CELL);
  take(seen, grey, rows * CELL, 0, grey.height - rows * CELL, grey.width);
  return seen;
}

/** Most cells hold a middling pixel at once, so this seldom looks far. */
function isPaper({ pixels, width }: Grey, top: number, left: number): boolean {
  let lit = false, shaded = false;
  for (let row = top; row < top + CELL; row++) {
    for (let at = row * width + left, end = at + CELL; at < end; at++) {
      lit ||= pixels[at]! >= 4;
      shaded ||= pixels[at]! <= 251;
      if (lit && shaded) return false;
    }
  }
  return true;
}

/** Uncounts the pixels of a rectangle. */
function take(
  counts: Int32Array, { pixels, width }: Grey, top: number, left: number, high: number, wide: number,
): void {
  for (let row = top; row < top + high; row++) {
    for (let at = row * width + left, end = at + wide; at < end; at++) counts[pixels[at]!]!--;
  }
}

/** The mean brightness of the brightest tile; every pixel is counted into `histogram` on the way. */
function brightestTile(grey: Grey, histogram: Int32Array): number {
  let brightest = 0;
  for (const [top, bottom] of parts(grey.height)) {
    for (const [left, right] of parts(grey.width)) {
      const mean = tileSum(grey, histogram, top, bottom, left, right) / ((bottom - top) * (right - left));
      brightest = Math.max(brightest, Math.floor(mean));
    }
  }
  return brightest;
}

function tileSum(grey: Grey, histogram: Int32Array, top: number, bottom: number, left: number, right: number): number {
  const { pixels, width } = grey;
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let at = row * width + left, end = row * width + right; at < end; at++) {
      const value = pixels[at]!;
      sum = (sum + value) | 0;
      histogram[value]!++;
    }
  }
  return sum;
}

/** At most TILES parts as equal as can be, the longer ones first. */
function parts(length: number): [number, number][] {
  const count = Math.min(TILES, length), least = Math.floor(length / count), longer = length % count;
  return Array.from({ length: count }, (_, part) => {
    const from = part * least + Math.min(part, longer);
    return [from, from + least + (part < longer ? 1 : 0)];
  });
}
