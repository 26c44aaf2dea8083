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
  const count = width * height, pixels = new Uint8Array(count);
  // Four at a time, as words: reading and writing is what costs here. Browsers keep the low byte, red, first.
  const words = new Int32Array(rgba.buffer, rgba.byteOffset, count);
  const fours = new Int32Array(pixels.buffer, 0, count >> 2);
  for (let at = 0, from = 0; at < fours.length; at++, from += 4) {
    const one = lumaOf(words[from]!) >>> 8, two = lumaOf(words[from + 1]!) & 0xff00;
    const three = lumaOf(words[from + 2]!) & 0xff00, four = lumaOf(words[from + 3]!) & 0xff00;
    fours[at] = one | two | (three << 8) | (four << 16);
  }
  for (let at = count & ~3; at < count; at++) pixels[at] = lumaOf(words[at]!) >>> 8;
  return { pixels, width, height };
}

/** 256 times the luma of a pixel. One product serves red and blue: 16 bits are enough for each. */
function lumaOf(pixel: number): number {
  return (Math.imul(pixel & 0xff00ff, (77 << 16) | 29) >>> 16) + ((pixel >>> 8) & 255) * 150 + 128;
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
  const sums = new Int32Array(grey.width);
  const divisor = common(grey.height, height), length = grey.height / divisor;
  // 16 bits hold a sum when the shares are few, and then two columns fit into one word.
  const words = length <= 257 && grey.width % 4 === 0 ? new Int32Array(grey.pixels.buffer) : undefined;
  for (let row = 0; row < height; row++) {
    sumBand(sums, grey, words, row, length, height / divisor);
    averageColumns(pixels, row * width, width, sums, grey.width * length);
  }
  return { pixels, width, height };
}

function common(one: number, other: number): number {
  return other ? common(other, one % other) : one;
}

/** The same picture if it is shorter than `below`, else half as large: each pixel the mean of 2 × 2. */
export function halved(grey: Grey, below: number): Grey {
  const width = grey.width >> 1, height = grey.height >> 1;
  if (Math.max(grey.width, grey.height) < below || !width || !height) return grey;
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    halveRows(pixels, row * width, (row + 1) * width, grey.pixels, row * 2 * grey.width, grey.width);
  }
  return { pixels, width, height };
}

function halveRows(to: Uint8Array, at: number, end: number, from: Uint8Array, start: number, width: number): void {
  for (let one = start, other = start + width; at < end; at++, one += 2, other += 2) {
    to[at] = (from[one]! + from[one + 1]! + from[other]! + from[other + 1]! + 2) >> 2;
  }
}

/** Adds the rows of one of `count` equal bands, in units of 1/count of a row. Most bands touch two rows. */
function sumBand(
  sums: Int32Array, { pixels, width }: Grey, words: Int32Array | undefined, band: number, length: number, count: number,
): void {
  const begin = band * length, end = begin + length;
  const first = Math.floor(begin / count), last = Math.ceil(end / count) - 1;
  const share = (row: number) => Math.max(0, Math.min(end, (row + 1) * count) - Math.max(begin, row * count));
  const second = Math.min(first + 1, last), rest = second > first ? share(second) : 0;
  if (words) sumWords(sums, words, (first * width) >> 2, share(first), (second * width) >> 2, rest);
  else sumRows(sums, pixels, first * width, share(first), second * width, rest);
  for (let row = second + 1; row <= last; row++) addRow(sums, pixels, row * width, share(row));
}

function sumRows(sums: Int32Array, pixels: Uint8Array, one: number, share: number, other: number, rest: number): void {
  for (let column = 0; column < sums.length; column++) {
    sums[column] = Math.imul(pixels[one + column]!, share) + Math.imul(pixels[other + column]!, rest);
  }
}

/** The same, four columns at a time. */
function sumWords(sums: Int32Array, words: Int32Array, one: number, share: number, other: number, rest: number): void {
  for (let column = 0; column < sums.length; column += 4, one++, other++) {
    const a = words[one]!, b = words[other]!;
    const even = (Math.imul(a & 0xff00ff, share) + Math.imul(b & 0xff00ff, rest)) | 0;
    const odd = (Math.imul((a >>> 8) & 0xff00ff, share) + Math.imul((b >>> 8) & 0xff00ff, rest)) | 0;
    sums[column] = even & 0xffff;
    sums[column + 1] = odd & 0xffff;
    sums[column + 2] = even >>> 16;
    sums[column + 3] = odd >>> 16;
  }
}

function addRow(sums: Int32Array, pixels: Uint8Array, from: number, share: number): void {
  for (let column = 0; column < sums.length; column++) sums[column]! += Math.imul(pixels[from + column]!, share);
}

/**
 * Splits one row of sums into `count` equal bands and writes the mean of each. Divides by multiplying: the half in
 * the middle of the rounding keeps each product off the whole numbers. (One loop: a loop within a loop is slow here.)
 */
function averageColumns(pixels: Uint8Array, to: number, count: number, sums: Int32Array, area: number): void {
  const half = Math.floor(area / 2) + 0.5, part = 1 / area;
  let sum = 0, wanted = sums.length; // by the band at hand, in units of 1/count of a column
  for (let column = 0, at = to; column < sums.length; column++) {
    const now = sums[column]!;
    if (wanted > count) {
      sum += Math.imul(now, count);
      wanted -= count;
    } else {
      pixels[at++] = ((sum + Math.imul(now, wanted) + half) * part) | 0;
      sum = Math.imul(now, count - wanted);
      wanted += sums.length - count;
    }
  }
}
