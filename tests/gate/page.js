// Asks the built gate, as a page would: everything goes through the worker.
import { checksum, made } from "/tests/golden_pictures.js";

const { judgeInWorker } = await import(await (await fetch("/module")).text());

/** A golden case: what the gate says of it, and the checksum of what it was shown. */
window.judged = async (testCase) => {
  const picture = await shown(testCase);
  const pixels = checksum(picture.data);
  return { ...(await judgeInWorker(picture)), pixels };
};

/** RGBA bytes from an address. */
window.judgedBytes = async (address, width, height) => {
  const data = new Uint8Array(await (await fetch(address)).arrayBuffer());
  return { ...(await judgeInWorker({ data, width, height })), pixels: 0 }; // the bytes need not travel back
};

/** Milliseconds of the gate alone, one after the other on the same picture. */
window.timed = async (testCase, times) => {
  const { data, width, height } = await shown(testCase);
  const took = [];
  for (let pixels = data; took.length < times; ) {
    const { ms, pixels: back } = await judgeInWorker({ data: pixels, width, height });
    took.push(ms);
    pixels = new Uint8Array(back);
  }
  return took;
};

/** What a call says that goes wrong. */
window.refused = (length, width, height) =>
  judgeInWorker({ data: new Uint8Array(length), width, height }).then(() => "", (problem) => String(problem));

async function shown(testCase) {
  if (!testCase.file) return { data: made(testCase), width: testCase.width, height: testCase.height };
  const file = await (await fetch(`/golden/${testCase.file}`)).blob();
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  const surface = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  surface.drawImage(bitmap, 0, 0);
  return surface.getImageData(0, 0, bitmap.width, bitmap.height);
}

document.documentElement.dataset.ready = "";
