// Brightness and size in whole numbers only, pixel for pixel what recoup/vision/luma.py gives.
//
// Luma is (77 R + 150 G + 29 B + 128) >> 8. Shrinking is an exact area average in integers, rounded half up, in two
// steps: whole blocks of k × k first (k = as many as keep the picture at or above the wanted size), then the rest.

/** One byte a pixel, row after row. */
export interface Grey {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Bytes in the order red, green, blue, alpha; alpha is not looked at. */
export type Rgba = Uint8Array | Uint8ClampedArray;

/** Luma of an RGBA picture, at most `longSide` long, never enlarged. */
export function workingLuma(rgba: Rgba, width: number, height: number, longSide: number): Grey {
  const block = Math.max(1, Math.min(Math.floor(Math.max(width, height) / longSide), width, height));
  return shrink(block > 1 ? lumaOfBlocks(rgba, width, height, block) : luma(rgba, width, height), longSide);
}

export function luma(rgba: Rgba, width: number, height: number): Grey {
  const pixels = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < pixels.length; at++, from += 4) {
    pixels[at] = (77 * rgba[from]! + 150 * rgba[from + 1]! + 29 * rgba[from + 2]! + 128) >> 8;
  }
  return { pixels, width, height };
}

/** Luma of the mean colour of each whole block × block square; a ragged right or bottom rim is left out. */
function lumaOfBlocks(rgba: Rgba, fullWidth: number, fullHeight: number, block: number): Grey {
  const width = Math.floor(fullWidth / block);
  const height = Math.floor(fullHeight / block);
  const pixels = new Uint8Array(width * height);
  const sums = new Int32Array(width * 3);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let line = row * block; line < (row + 1) * block; line++) addLine(sums, rgba, line * fullWidth * 4, block);
    lumaOfSums(pixels, row * width, sums, block * block);
  }
  return { pixels, width, height };
}

function addLine(sums: Int32Array, rgba: Rgba, start: number, block: number): void {
  for (let at = 0, from = start; at < sums.length; at += 3) {
    let red = 0, green = 0, blue = 0;
    for (let step = 0; step < block; step++, from += 4) {
      red += rgba[from]!;
      green += rgba[from + 1]!;
      blue += rgba[from + 2]!;
    }
    sums[at]! += red;
    sums[at + 1]! += green;
    sums[at + 2]! += blue;
  }
}

function lumaOfSums(pixels: Uint8Array, start: number, sums: Int32Array, area: number): void {
  const half = area >> 1;
  for (let from = 0, at = start; from < sums.length; from += 3, at++) {
    const red = ((sums[from]! + half) / area) | 0;
    const green = ((sums[from + 1]! + half) / area) | 0;
    const blue = ((sums[from + 2]! + half) / area) | 0;
    pixels[at] = (77 * red + 150 * green + 29 * blue + 128) >> 8;
  }
}

/** Exact area average to `longSide`; the short side is rounded half up, at least 1. Up to 8 million pixels. */
export function shrink(grey: Grey, longSide: number): Grey {
  const largest = Math.max(grey.width, grey.height);
  if (largest <= longSide) return grey;
  const height = Math.max(1, Math.floor((2 * grey.height * longSide + largest) / (2 * largest)));
  const width = Math.max(1, Math.floor((2 * grey.width * longSide + largest) / (2 * largest)));
  const pixels = new Uint8Array(width * height);
  const columns = bands(grey.width, width);
  const rows = bands(grey.height, height);
  const sums = new Int32Array(grey.width + 1); // one more, for the last band to end in
  for (let row = 0; row < height; row++) {
    sumRows(sums, grey, rows, row);
    averageColumns(pixels, row * width, sums, columns, grey.width * grey.height);
  }
  return { pixels, width, height };
}

/** `count` equal, fractional bands of `length` pixels: where each begins and ends, and its share of both ends. */
interface Bands {
  readonly full: number; // the weight of a pixel that lies wholly in one band
  readonly first: Int32Array;
  readonly firstShare: Int32Array;
  readonly last: Int32Array;
  readonly lastShare: Int32Array;
}

function bands(length: number, count: number): Bands {
  const made = () => new Int32Array(count);
  const found = { full: count, first: made(), firstShare: made(), last: made(), lastShare: made() };
  for (let band = 0; band < count; band++) {
    const begin = band * length, end = begin + length;
    found.first[band] = Math.floor(begin / count);
    found.firstShare[band] = count - (begin % count);
    found.last[band] = Math.floor(end / count);
    found.lastShare[band] = end % count;
  }
  return found;
}

/** Adds the rows of one band, each by its share, column by column. */
function sumRows(sums: Int32Array, grey: Grey, rows: Bands, band: number): void {
  const { pixels, width } = grey;
  const last = rows.last[band]!;
  let line = rows.first[band]!;
  weigh(sums, pixels, line * width, width, rows.firstShare[band]!);
  while (++line < last) addWeighed(sums, pixels, line * width, width, rows.full);
  if (rows.lastShare[band]) addWeighed(sums, pixels, last * width, width, rows.lastShare[band]!);
}

function weigh(sums: Int32Array, pixels: Uint8Array, from: number, width: number, share: number): void {
  for (let column = 0; column < width; column++) sums[column] = Math.imul(pixels[from + column]!, share);
}

function addWeighed(sums: Int32Array, pixels: Uint8Array, from: number, width: number, share: number): void {
  for (let column = 0; column < width; column++) sums[column]! += Math.imul(pixels[from + column]!, share);
}

/** Divides by multiplying: the half in the middle of the rounding keeps each product off the whole numbers. */
function averageColumns(pixels: Uint8Array, to: number, sums: Int32Array, columns: Bands, area: number): void {
  const { full, first, firstShare, last, lastShare } = columns;
  const half = Math.floor(area / 2) + 0.5, part = 1 / area;
  for (let band = 0; band < full; band++) {
    let column = first[band]!;
    const end = last[band]!;
    let sum = Math.imul(sums[column]!, firstShare[band]!);
    while (++column < end) sum = (sum + Math.imul(sums[column]!, full)) | 0;
    sum = (sum + Math.imul(sums[end]!, lastShare[band]!)) | 0;
    pixels[to + band] = ((sum + half) * part) | 0;
  }
}
