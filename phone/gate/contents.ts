// Where something is in the picture, and where light has burnt a hole into it: recoup/vision/contents.py, once more.
//
// A cell shows something when light varies within it, or when it is lighter or darker than most of the picture's rim.
// A reflection is a burnt cell with darker cells on all four sides; white paper is open to at least one.
import { perThousand } from "./histogram.ts";
import type { Grey } from "./luma.ts";
import type { Measures } from "./measures.ts";

const CELL = 8;
const VARIED = 40; // of 255, within a cell
const DIFFERENT = 72; // between a cell and the rim: more than a shadow or a lamp from one side makes
const BURNT = 250;
const SHADE = 200;

/** One number a cell, row after row. */
interface Cells {
  rows: number;
  columns: number;
  means: Int32Array;
  spans: Int32Array; // the lightest pixel less the darkest
}

/** Shares in thousandths: cells that show something, the same along each side, and cells burnt by a reflection. */
export function contents(grey: Grey): Measures {
  const cells = divided(grey), { rows, columns } = cells;
  if (!rows || !columns) return { filled: -1, rim_top: -1, rim_right: -1, rim_bottom: -1, rim_left: -1, glare: -1 };
  const rim = rimOf(cells);
  const shows = cells.means.map((mean, at) => +(cells.spans[at]! >= VARIED || Math.abs(mean - rim) >= DIFFERENT));
  const share = (from: number, step: number, count: number) =>
    perThousand(along(shows, from, step, count).filter(Boolean).length, count);
  return {
    filled: share(0, 1, rows * columns),
    rim_top: share(0, 1, columns),
    rim_right: share(columns - 1, columns, rows),
    rim_bottom: share((rows - 1) * columns, 1, columns),
    rim_left: share(0, columns, rows),
    glare: perThousand(reflected(cells), rows * columns),
  };
}

function divided({ pixels, width, height }: Grey): Cells {
  const rows = Math.floor(height / CELL), columns = Math.floor(width / CELL);
  const means = new Int32Array(rows * columns), spans = new Int32Array(rows * columns);
  for (let at = 0; at < means.length; at++) {
    const start = Math.floor(at / columns) * CELL * width + (at % columns) * CELL;
    let sum = 0, lightest = 0, darkest = 255;
    for (let row = 0; row < CELL; row++) {
      for (let pixel = start + row * width, end = pixel + CELL; pixel < end; pixel++) {
        const value = pixels[pixel]!;
        sum += value;
        if (value > lightest) lightest = value;
        if (value < darkest) darkest = value;
      }
    }
    means[at] = sum >> 6;
    spans[at] = lightest - darkest;
  }
  return { rows, columns, means, spans };
}

/** The middle brightness of the outermost cells (the lower one of two); corners count twice. */
function rimOf({ rows, columns, means }: Cells): number {
  const sides = [along(means, 0, 1, columns), along(means, (rows - 1) * columns, 1, columns)];
  sides.push(along(means, 0, columns, rows), along(means, columns - 1, columns, rows));
  const around = sides.flat().sort((one, other) => one - other);
  return around[(around.length - 1) >> 1]!;
}

function along(values: Int32Array, from: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => values[from + at * step]!);
}

/** How many burnt cells have a dark one somewhere to the left, to the right, above and below. */
function reflected({ rows, columns, means }: Cells): number {
  const dark = (from: number, step: number, count: number) =>
    along(means, from, step, count).some((mean) => mean < SHADE);
  return means.filter((mean, at) => {
    if (mean < BURNT) return false;
    const row = Math.floor(at / columns), column = at % columns;
    const beside = dark(row * columns, 1, column) && dark(at, 1, columns - column);
    return beside && dark(column, columns, row) && dark(at, columns, rows - row);
  }).length;
}
