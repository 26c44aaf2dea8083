// The phone's gate, for pages: load this lazily, hand it a picture, and it judges without holding the page up.
//
//   const { judgeInWorker } = await import("../gate/index.ts");
//   const verdict = await judgeInWorker(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
//
// The phone's verdict is advice and the server's is the one that counts; both come from the same numbers.
import type { Verdict } from "./judge.ts";
import type { Asked, Told } from "./worker.ts";

export type { Head, Reason, Verdict } from "./judge.ts";

/** An ImageData, or anything like one: RGBA bytes, row after row, upright. */
export interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** `ms` is what the gate itself took, `pixels` the picture's bytes, given back. */
export type Judged = Verdict & { ms: number; pixels: ArrayBuffer };

interface Waiting {
  keep: (judged: Judged) => void;
  fail: (problem: Error) => void;
}

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

/**
 * The verdict on a picture, judged beside the page. The picture's bytes are handed over to the worker: afterwards
 * the ImageData is empty, and its memory comes back as `pixels`. Rejects when the bytes do not fit width × height,
 * or when the worker cannot be loaded; the next call then tries again.
 */
export function judgeInWorker({ data, width, height }: Picture): Promise<Judged> {
  const pixels = whole(data);
  const id = ++asked;
  return new Promise((keep, fail) => {
    waiting.set(id, { keep, fail });
    (worker ??= started()).postMessage({ id, pixels, width, height } satisfies Asked, [pixels]);
  });
}

/** Only whole buffers can be handed over; a part of one is copied. */
function whole(data: Picture["data"]): ArrayBuffer {
  const all = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return all ? (data.buffer as ArrayBuffer) : data.slice().buffer;
}

function started(): Worker {
  const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  made.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
  made.onerror = (event) => giveUp(event.message || "The gate's worker could not be loaded.");
  return made;
}

function hear(told: Told): void {
  const { keep, fail } = waiting.get(told.id)!;
  waiting.delete(told.id);
  if ("failed" in told) fail(new RangeError(told.failed));
  else keep({ ...told.verdict, ms: told.ms, pixels: told.pixels });
}

function giveUp(why: string): void {
  worker?.terminate();
  worker = undefined;
  waiting.forEach(({ fail }) => fail(new Error(why)));
  waiting.clear();
}
