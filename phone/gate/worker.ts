// The gate beside the page, so that a preview never stutters. One picture in, one verdict out, in order.
import { judge, type Verdict } from "./judge.ts";

/** `pixels` holds RGBA bytes and is handed over, not copied. */
export interface Asked {
  id: number;
  pixels: ArrayBuffer;
  width: number;
  height: number;
}

/** `ms` is what the gate itself took. The pixels come back, so that a page can use their memory again. */
export type Told = { id: number; pixels: ArrayBuffer } & ({ verdict: Verdict; ms: number } | { failed: string });

function answer({ id, pixels, width, height }: Asked): Told {
  if (!(width > 0 && height > 0 && pixels.byteLength === width * height * 4)) {
    return { id, pixels, failed: `${pixels.byteLength} bytes are no picture of ${width} × ${height} pixels.` };
  }
  const started = performance.now();
  const verdict = judge(new Uint8Array(pixels), width, height);
  return { id, pixels, verdict, ms: performance.now() - started };
}

// The page's own types claim `self` to be a window; here it is the worker.
const worker = self as unknown as {
  onmessage: (event: MessageEvent<Asked>) => void;
  postMessage: (told: Told, transfer: Transferable[]) => void;
};
worker.onmessage = ({ data }) => worker.postMessage(answer(data), [data.pixels]);
