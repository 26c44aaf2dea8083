// Counting whole numbers 0..255, and reading shares off the counts without a fraction.

const ENOUGH = 40; // counts; fewer say nothing

export function total(histogram: Int32Array): number {
  let sum = 0;
  for (let value = 0; value < histogram.length; value++) sum += histogram[value]!;
  return sum;
}

export function added(one: Int32Array, other: Int32Array): Int32Array {
  return one.map((count, value) => count + other[value]!);
}

/** The least value that `share` percent of the counts do not exceed; -1 when there are too few counts. */
export function percentile(histogram: Int32Array, share: number): number {
  const all = total(histogram);
  return all < ENOUGH ? -1 : atShare(histogram, share * all, 100);
}

/** The least value up to which `scale` times the counts reach `wanted`. */
export function atShare(histogram: Int32Array, wanted: number, scale: number): number {
  let until = 0;
  for (let value = 0; value < histogram.length; value++) {
    until += histogram[value]!;
    if (until * scale >= wanted) return value;
  }
  return histogram.length;
}

export function perThousand(part: number, whole: number): number {
  return whole ? Math.floor((part * 1000) / whole) : 0;
}
