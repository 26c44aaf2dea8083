// Reads the codes of a picture: by the browser itself where it really can, else by a worker with WebAssembly.
import type { Code } from "./codes.ts";
import { ownReader, type Reader } from "./native.ts";
import type { Told } from "./reading.ts";

let choosing: Promise<Reader> | undefined;
let worker: Worker | undefined;

/** The picture is used up. Fails when neither reader can be had: then the number is typed. */
export async function readCodes(frame: ImageBitmap): Promise<Code[]> {
  choosing ??= ownReader().then((own) => own ?? byWorker);
  const reader = await choosing;
  try {
    return await reader(frame);
  } catch (problem) {
    if (reader === byWorker) throw problem;
    choosing = Promise.resolve(byWorker); // it read once and reads no more, as when a phone's services are updated
    return [];
  }
}

/** Half a megabyte is not brought to somebody who asks for little: the number can be typed, and the server reads too. */
async function byWorker(frame: ImageBitmap): Promise<Code[]> {
  if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) throw new Error("Data is saved.");
  const asked = (worker ??= new Worker(new URL("./reading.ts", import.meta.url), { type: "module" }));
  const { port1: here, port2: there } = new MessageChannel();
  return new Promise((keep, fail) => {
    here.onmessage = ({ data }: MessageEvent<Told>) => ("codes" in data ? keep(data.codes) : fail(new Error(data.failed)));
    asked.addEventListener("error", () => fail(new Error("The reader could not be loaded.")), { once: true });
    asked.postMessage(frame, [frame, there]);
  });
}
