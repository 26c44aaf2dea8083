// Reads codes beside the page, where the browser cannot by itself. This script alone may run WebAssembly (ADR 0015),
// and it fetches that from where it comes from itself.
import { prepareZXingModule, readBarcodes, type ReadInputBarcodeFormat } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Code } from "./codes.ts";

export type Told = { codes: Code[] } | { failed: string };

const KINDS: ReadInputBarcodeFormat[] = ["Code128", "Code39", "Code93", "ITF", "EANUPC", "QRCode", "DataMatrix", "Aztec", "PDF417"];
const HOW = { formats: KINDS, tryHarder: true, tryInvert: false, maxNumberOfSymbols: 8 } as const;

prepareZXingModule({ overrides: { locateFile: () => wasm } });

async function read(frame: ImageBitmap): Promise<Code[]> {
  const brush = new OffscreenCanvas(frame.width, frame.height).getContext("2d", { willReadFrequently: true })!;
  brush.drawImage(frame, 0, 0);
  const pixels = brush.getImageData(0, 0, frame.width, frame.height);
  frame.close();
  return (await readBarcodes(pixels, HOW)).map(({ text, format }) => ({ text, format }));
}

self.onmessage = ({ data: frame, ports: [answer] }: MessageEvent<ImageBitmap>) => {
  const tell = (told: Told): void => answer!.postMessage(told);
  read(frame).then((codes) => tell({ codes }), (problem) => tell({ failed: String(problem) }));
};
