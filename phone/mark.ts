// The front door's icon on a home screen, drawn at build time: a lens, and the way back around it.
import { crc32, deflateSync } from "node:zlib";
import type { Plugin } from "vite";

type Point = [x: number, y: number];

// The house's --accent and --on-accent by day, as old phones write colours.
const [TEAL, PAPER] = [[0, 99, 100], [248, 253, 252]] as const;
// In hundredths of the width, all within the middle 80 %: a phone cuts off the rest in its own shape.
const [MIDDLE, RING, LENS, STROKE] = [50, 23, 8, 6];
/** Where the ring is open, in degrees; there its arrow comes back. */
const [OPENS, CLOSES] = [180, 223];
const LINES: [Point, Point][] = [[[33.2, 34.3], [27, 40]], [[27, 27], [27, 40]], [[27, 40], [40, 40]]];

export function appIcons(): Plugin {
  return {
    name: "recoup-app-icons",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "icon.svg", source: svg() });
      for (const size of [192, 512]) this.emitFile({ type: "asset", fileName: `icon-${size}.png`, source: png(size) });
    },
  };
}

function svg(): string {
  const lines = LINES.map(([[x1, y1], [x2, y2]]) => `M${x1} ${y1}L${x2} ${y2}`).join("");
  const [from, to] = [onRing(OPENS), onRing(CLOSES)];
  const ring = `M${from.join(" ")}A${RING} ${RING} 0 1 0 ${to.join(" ")}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path fill="rgb(${TEAL})" d="M0 0h100v100H0z"/>` +
    `<g fill="none" stroke="rgb(${PAPER})" stroke-width="${STROKE}" stroke-linecap="round"><path d="${ring}${lines}"/></g>` +
    `<circle cx="${MIDDLE}" cy="${MIDDLE}" r="${LENS}" fill="rgb(${PAPER})"/></svg>`
  );
}

function png(size: number): Uint8Array {
  const head = Buffer.alloc(13);
  [size, size].forEach((length, at) => head.writeUInt32BE(length, 4 * at));
  // Eight bits for each of red, green and blue.
  head.set([8, 2], 8);
  const body = deflateSync(pixels(size));
  const chunks = [chunk("IHDR", head), chunk("IDAT", body), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

/** Row by row, each with a zero before it: it is written as it is. */
function pixels(size: number): Uint8Array {
  const all = new Uint8Array(size * (1 + 3 * size));
  for (let at = 0; at < size * size; at += 1) {
    const [x, y] = [at % size, Math.floor(at / size)];
    all.set(colour(x, y, size), y * (1 + 3 * size) + 1 + 3 * x);
  }
  return all;
}

function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

function colour(x: number, y: number, size: number): number[] {
  const inside = depth([((x + 0.5) * 100) / size, ((y + 0.5) * 100) / size]);
  const cover = Math.min(1, Math.max(0, (inside * size) / 100 + 0.5));
  return TEAL.map((teal, at) => Math.round(teal + (PAPER[at]! - teal) * cover));
}

/** How far inside the drawing a point lies; negative outside. */
function depth(point: Point): number {
  const lines = LINES.map(([from, to]) => STROKE / 2 - toLine(point, from, to));
  return Math.max(LENS - toPoint(point, [MIDDLE, MIDDLE]), STROKE / 2 - toRing(point), ...lines);
}

function toRing(point: Point): number {
  const angle = ((Math.atan2(point[1] - MIDDLE, point[0] - MIDDLE) * 180) / Math.PI + 360) % 360;
  if (angle < OPENS || angle > CLOSES) return Math.abs(toPoint(point, [MIDDLE, MIDDLE]) - RING);
  return Math.min(toPoint(point, onRing(OPENS)), toPoint(point, onRing(CLOSES)));
}

function toLine([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2);
  const at = Math.min(1, Math.max(0, along));
  return toPoint([x, y], [x1 + at * (x2 - x1), y1 + at * (y2 - y1)]);
}

function toPoint([x, y]: Point, [x1, y1]: Point): number {
  return Math.hypot(x - x1, y - y1);
}

function onRing(degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return [MIDDLE + RING * Math.cos(angle), MIDDLE + RING * Math.sin(angle)].map((at) => Math.round(at * 100) / 100) as Point;
}
