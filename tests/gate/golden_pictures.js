// Pictures that phone and server make for themselves: training/golden_pictures.py, once more. Change both or none.
// A picture here is { width, height, pixels }, three bytes a pixel.

/** RGBA bytes of a case with width, height and layers. */
export function made({ width, height, layers }) {
  const whole = { width, height, pixels: new Uint8Array(width * height * 3) };
  for (const layer of layers) {
    const [x, y, wide, high] = layer.within ?? [0, 0, width, height];
    paste(whole, LAYERS[layer.kind](cut(whole, x, y, wide, high), layer), x, y);
  }
  return withAlpha(whole);
}

/** The checksum that zlib calls crc32. */
export function checksum(bytes) {
  let crc = -1;
  for (let at = 0; at < bytes.length; at++) crc = CRC[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

const CRC = Int32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function withAlpha({ width, height, pixels }) {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    for (let channel = 0; channel < 3; channel++) rgba[to + channel] = pixels[from + channel];
  }
  return rgba;
}

function cut(whole, x, y, wide, high) {
  const width = Math.min(wide, whole.width - x), height = Math.min(high, whole.height - y);
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * whole.width + x) * 3;
    pixels.set(whole.pixels.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, pixels };
}

function paste(whole, { width, height, pixels }, x, y) {
  for (let row = 0; row < height; row++) {
    whole.pixels.set(pixels.subarray(row * width * 3, (row + 1) * width * 3), ((y + row) * whole.width + x) * 3);
  }
}

/** 32 well-mixed bits: the last step of MurmurHash3. */
function mixed(seed, number) {
  let bits = (Math.imul(seed, 0x9e3779b1) + number) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const draw = (seed, number, below) => mixed(seed, number) % below;

/** Each pixel (x, y) as `colourAt` says; undefined leaves it. */
function painted(picture, colourAt) {
  for (let y = 0, at = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, at += 3) {
      const colour = colourAt(x, y);
      if (colour) picture.pixels.set(colour, at);
    }
  }
  return picture;
}

function ramp(picture, { from, to, way }) {
  const place = { across: (x) => x, down: (x, y) => y, slant: (x, y) => x + y }[way];
  const last = Math.max(1, place(picture.width - 1, picture.height - 1));
  return painted(picture, (x, y) => {
    const at = place(x, y);
    return from.map((start, channel) => Math.floor((start * (last - at) + to[channel] * at) / last));
  });
}

function checks(picture, { cell, colour }) {
  return painted(picture, (x, y) => ((Math.floor(x / cell) + Math.floor(y / cell)) % 2 === 1 ? colour : undefined));
}

function noise(picture, { seed, spread, grey }) {
  const range = 2 * spread + 1;
  return each(picture, (value, at) => value + draw(seed, grey ? Math.floor(at / 3) : at, range) - spread);
}

function light(picture, { gain, more }) {
  return each(picture, (value) => ((value * gain) >> 7) + more);
}

/** Every byte as `change` says, kept within 0..255. */
function each(picture, change) {
  picture.pixels.forEach((value, at, all) => (all[at] = Math.max(0, Math.min(255, change(value, at)))));
  return picture;
}

function boxes(picture, { seed, count, least, most }) {
  const span = most - least + 1;
  for (let at = 0; at < count * 8; at += 8) {
    const x = draw(seed, at, picture.width), y = draw(seed, at + 1, picture.height);
    const wide = least + draw(seed, at + 2, span), high = least + draw(seed, at + 3, span);
    const diamond = draw(seed, at + 4, 2) === 1;
    const colour = [5, 6, 7].map((channel) => 20 + draw(seed, at + channel, 216));
    const inside = (across, down) =>
      !diamond || Math.abs(2 * across - wide) * high + Math.abs(2 * down - high) * wide <= wide * high;
    const part = painted(cut(picture, x, y, wide, high), (across, down) => (inside(across, down) ? colour : undefined));
    paste(picture, part, x, y);
  }
  return picture;
}

function text(picture, { seed, size, colour }) {
  let number = 0;
  for (let y = size; y < picture.height - size; y += 2 * size) {
    for (let x = size; x < picture.width - size; ) {
      const wide = 1 + draw(seed, number++, Math.max(1, Math.floor(size / 2)));
      paste(picture, painted(cut(picture, x, y, wide, size), () => colour), x, y);
      x += wide + 1 + draw(seed, number++, size);
    }
  }
  return picture;
}

function soften(picture, { radius, times }) {
  const { width, height } = picture;
  for (let time = 0; time < times; time++) {
    for (let row = 0; row < height; row++) boxMean(picture.pixels, row * width * 3, 3, width, radius);
    for (let column = 0; column < width; column++) boxMean(picture.pixels, column * 3, width * 3, height, radius);
  }
  return picture;
}

/** The mean of each pixel and `radius` more on both sides, along one row or column. */
function boxMean(pixels, start, step, length, radius) {
  const until = new Int32Array(length + 1);
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < length; at++) until[at + 1] = until[at] + pixels[start + at * step + channel];
    for (let at = 0; at < length; at++) {
      const end = Math.min(at + radius + 1, length), begin = Math.max(at - radius, 0), number = end - begin;
      pixels[start + at * step + channel] = Math.floor((2 * (until[end] - until[begin]) + number) / (2 * number));
    }
  }
}

function smear(picture, { step: [across, down], length }) {
  const { width, height, pixels } = picture;
  const from = pixels.slice();
  const clip = (at, size) => Math.max(0, Math.min(size - 1, at));
  return painted(picture, (x, y) => {
    const total = [0, 0, 0];
    for (let step = 0; step < length; step++) {
      const at = (clip(y + step * down, height) * width + clip(x + step * across, width)) * 3;
      for (let channel = 0; channel < 3; channel++) total[channel] += from[at + channel];
    }
    return total.map((sum) => Math.floor((2 * sum + length) / (2 * length)));
  });
}

const fill = (picture, { colour }) => painted(picture, () => colour);
const LAYERS = { fill, ramp, checks, noise, boxes, text, soften, smear, light };
