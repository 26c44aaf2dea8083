// The browser's own reader of codes, where there is one. Some browsers only claim to have it: without the phone's
// services it finds nothing, fails, or never answers. So it first reads a code that we draw, and is trusted then.
import type { Code } from "./codes.ts";

export type Reader = (frame: ImageBitmap) => Promise<Code[]>;

interface Detector {
  detect(picture: CanvasImageSource): Promise<{ rawValue: string; format: string }[]>;
}
interface Detectors {
  new (how: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const NEEDED = ["code_128", "qr_code", "data_matrix"];
const PATIENCE = 3000; // milliseconds
const TRIAL = "OK128";
/** TRIAL as Code 128: how wide each bar is and each gap after it. */
const BARS = "2112141331211123311232211131413221122122222331112";

export async function ownReader(): Promise<Reader | undefined> {
  const late = new Promise<undefined>((tell) => window.setTimeout(tell, PATIENCE));
  return Promise.race([proven(), late]).catch(() => undefined);
}

async function proven(): Promise<Reader | undefined> {
  const kind = (globalThis as { BarcodeDetector?: Detectors }).BarcodeDetector;
  const formats = (await kind?.getSupportedFormats()) ?? [];
  if (!kind || !NEEDED.every((each) => formats.includes(each))) return undefined;
  const detector = new kind({ formats });
  const read = async (picture: CanvasImageSource) =>
    (await detector.detect(picture)).map(({ rawValue, format }): Code => ({ text: rawValue, format }));
  if ((await read(drawn()))[0]?.text !== TRIAL) return undefined;
  return (frame) => read(frame).finally(() => frame.close());
}

function drawn(): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: 330, height: 120 });
  const brush = canvas.getContext("2d")!;
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = "black";
  [...BARS].map(Number).reduce((left, wide, at) => {
    if (at % 2 === 0) brush.fillRect(left, 15, wide * 3, 90);
    return left + wide * 3;
  }, 30);
  return canvas;
}
