// What the gate measures, number for number what recoup/vision/measures.py gives: whole-number statistics of how
// steep the edges are (here), of light (light.ts), and of what fills the picture (contents.ts).
//
// A sharp edge climbs within one pixel, a blurred one over many. So for short runs of nine pixels, in four directions,
// the steepest step is divided by the whole climb (255 = all of it in one step), on three sizes of the picture, each
// half of the one before.
import { contents } from "./contents.ts";
import { added, perThousand, percentile, total } from "./histogram.ts";
import { light } from "./light.ts";
import { halved, workingLuma, type Grey, type Rgba } from "./luma.ts";

/** Every measure by name; -1 where there is nothing to measure. */
export type Measures = Record<string, number>;

const LARGE = 1024, MIDDLE = 768, SMALL = 384; // long sides: large at most, middle and small below
const ALONG = 4; // pixels from the start of one run to the next, and so half a run
const ACROSS = 2;
const EDGE = 16;
const CLIMBS = [32, 48] as const;
const PERCENTILES = [50, 75, 90] as const;

/** Per climb of a run (0..255), how many of CLIMBS it reaches, times 256: where its histogram begins. */
const LEVEL = Int32Array.from({ length: 256 }, (_, climb) => CLIMBS.filter((least) => climb >= least).length * 256);

export function measure(rgba: Rgba, width: number, height: number): Measures {
  const large = workingLuma(rgba, width, height, LARGE);
  const middle = halved(large, MIDDLE);
  const small = halved(middle, SMALL);
  const found: Measures = {};
  for (const [name, grey] of Object.entries({ large, middle, small })) {
    for (const [what, value] of Object.entries(steepness(grey))) found[`${name}_${what}`] = value;
  }
  return Object.assign(found, light(middle), contents(small));
}

/**
 * The share of runs with an edge; percentiles of the climb of all runs and ("rise") of those with an edge; and of edge
 * steepness (0..255) for each least climb, over all directions and in the worst one.
 */
function steepness(grey: Grey): Measures {
  const heights = new Int32Array(256);
  const runs = directions(grey).map((grid) => countRuns(grey.pixels, grid, heights));
  const risen = heights.map((count, climb) => (climb >= EDGE ? count : 0));
  const found: Measures = { [`edges${EDGE}`]: perThousand(total(risen), total(heights)) };
  for (const share of PERCENTILES) {
    found[`climb_${share}`] = percentile(heights, share);
    found[`rise_${share}`] = percentile(risen, share);
  }
  CLIMBS.forEach((climb, rank) => {
    const each = runs.map((levels) => reaching(levels, rank + 1));
    const everything = each.reduce(added);
    for (const share of PERCENTILES) {
      found[`steep${climb}_${share}`] = percentile(everything, share);
      found[`worst${climb}_${share}`] = worst(each, share);
    }
  });
  return found;
}

/** The lowest of the directions that have enough edges to be heard. */
function worst(each: Int32Array[], share: number): number {
  const heard = each.map((histogram) => percentile(histogram, share)).filter((value) => value >= 0);
  return heard.length ? Math.min(...heard) : -1;
}

/** Half runs of five pixels on a coarse grid. Two that touch, `onward` apart in the grid, are one run of nine. */
interface Grid {
  origin: number; // of the first half run, as an index into the pixels
  rows: number;
  columns: number;
  rowStep: number;
  columnStep: number;
  stride: number; // from one pixel of a half run to the next
  onward: { rows: number; columns: number };
}

function directions({ width, height }: Grey): Grid[] {
  const wide = halfRuns(width), high = halfRuns(height);
  const dense = { wide: Math.ceil(width / ACROSS), high: Math.ceil(height / ACROSS) };
  const coarse = { origin: 0, rows: high, columns: wide, rowStep: ALONG * width, columnStep: ALONG };
  const across = { ...coarse, rows: dense.high, rowStep: ACROSS * width, stride: 1, onward: { rows: 0, columns: 1 } };
  const down = { ...coarse, columns: dense.wide, columnStep: ACROSS, stride: width, onward: { rows: 1, columns: 0 } };
  const falling = { ...coarse, stride: width + 1, onward: { rows: 1, columns: 1 } };
  const rising = { ...falling, origin: width - 1, columnStep: -ALONG, stride: width - 1 };
  return [across, down, falling, rising];
}

/** How many half runs lie along `length` pixels: one more than whole runs, or none. */
function halfRuns(length: number): number {
  const runs = Math.ceil((length - 2 * ALONG) / ALONG);
  return runs > 0 ? runs + 1 : 0;
}

/**
 * One histogram of steepness (256 counts) for each of CLIMBS that a run reaches, at LEVEL; the climb of every run is
 * counted into `heights`.
 */
function countRuns(pixels: Uint8Array, grid: Grid, heights: Int32Array): Int32Array {
  const levels = new Int32Array(256 * (CLIMBS.length + 1));
  const { rows, columns, onward } = grid;
  if (rows <= onward.rows || columns <= onward.columns) return levels;
  const halves = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row++) measureHalves(halves, row, pixels, grid);
  for (let row = 0; row < rows - onward.rows; row++) countRow(levels, heights, halves, row, pixels, grid);
  return levels;
}

function measureHalves(halves: Uint16Array, row: number, pixels: Uint8Array, grid: Grid): void {
  const { columns, columnStep, stride } = grid;
  let from = grid.origin + row * grid.rowStep;
  for (let at = row * columns, end = at + columns; at < end; at++, from += columnStep) {
    halves[at] = half(pixels, from, stride);
  }
}

/** Joins half runs, and counts the steepness of each run that climbs enough; most climb too little to look closer. */
function countRow(
  levels: Int32Array, heights: Int32Array, halves: Uint16Array, row: number, pixels: Uint8Array, grid: Grid,
): void {
  const { columns, columnStep, stride, onward } = grid;
  const next = onward.rows * columns + onward.columns;
  let from = grid.origin + row * grid.rowStep;
  for (let at = row * columns, end = at + columns - onward.columns; at < end; at++, from += columnStep) {
    const first = halves[at]!, second = halves[at + next]!;
    const climb = higher(first >> 8, second >> 8) - lower(first & 255, second & 255);
    heights[climb]!++;
    if (climb >= CLIMBS[0]) levels[LEVEL[climb]! + (((steepest(pixels, from, stride) * 255) / climb) | 0)]!++;
  }
}

/** Highest and lowest pixel of a half run, packed into one number. */
function half(pixels: Uint8Array, from: number, stride: number): number {
  const a = pixels[from]!, b = pixels[from + stride]!, c = pixels[from + 2 * stride]!;
  const d = pixels[from + 3 * stride]!, e = pixels[from + 4 * stride]!;
  const high = higher(higher(higher(a, b), higher(c, d)), e);
  const low = lower(lower(lower(a, b), lower(c, d)), e);
  return (high << 8) | low;
}

/** The steepest of the eight steps of a run. Written out, for a loop within the loop above would be slow. */
function steepest(pixels: Uint8Array, from: number, stride: number): number {
  const a = pixels[from]!, b = pixels[from + stride]!, c = pixels[from + 2 * stride]!;
  const d = pixels[from + 3 * stride]!, e = pixels[from + 4 * stride]!, f = pixels[from + 5 * stride]!;
  const g = pixels[from + 6 * stride]!, h = pixels[from + 7 * stride]!, i = pixels[from + 8 * stride]!;
  const one = higher(higher(Math.abs(b - a), Math.abs(c - b)), higher(Math.abs(d - c), Math.abs(e - d)));
  const other = higher(higher(Math.abs(f - e), Math.abs(g - f)), higher(Math.abs(h - g), Math.abs(i - h)));
  return higher(one, other);
}

// Without branches, which guess wrong on edges half of the time: four times as fast as Math.max and Math.min.

function higher(one: number, other: number): number {
  const more = other - one;
  return other - (more & (more >> 31));
}

function lower(one: number, other: number): number {
  const more = other - one;
  return one + (more & (more >> 31));
}

/** The histogram of all runs that reach at least so many of CLIMBS. */
function reaching(levels: Int32Array, least: number): Int32Array {
  const sum = levels.slice(least * 256, (least + 1) * 256);
  for (let at = (least + 1) * 256; at < levels.length; at++) sum[at & 255]! += levels[at]!;
  return sum;
}
