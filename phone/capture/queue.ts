// The upload queue: two photos at a time, the original bytes untouched, resumed where the server left off.
import { Upload } from "tus-js-client";
import { secret } from "./server.ts";

export interface Sending {
  id: string;
  shot: string;
  file: File;
}

export type Told =
  | { kind: "progress"; share: number }
  | { kind: "kept" }
  | { kind: "failed"; sentence: string; final: boolean };

const AT_ONCE = 2;
const WAITS = [500, 1000, 2000, 4000, 8000, 8000, 8000];
const waiting: Array<() => void> = [];
let running = 0;

/** Send one photo; `tell` hears how it goes. Returns what takes it back. */
export function send(photo: Sending, tell: (told: Told) => void): () => void {
  let upload: Upload | undefined;
  let dropped = false;
  let over = false;
  const finish = (): void => {
    if (!over) done();
    over = true;
  };
  void turn().then(async () => {
    upload = await prepare(photo, (told) => {
      if (told.kind !== "progress") finish();
      if (!dropped) tell(told);
    });
    // An earlier try of this photo goes on where the server left off.
    const earlier = await upload.findPreviousUploads().catch(() => []);
    if (dropped) return finish();
    if (earlier[0]) upload.resumeFromPreviousUpload(earlier[0]);
    upload.start();
  });
  return () => {
    dropped = true;
    if (!upload) return;
    void upload.abort(true).catch(() => undefined);
    finish();
  };
}

function turn(): Promise<void> {
  if (running < AT_ONCE) {
    running += 1;
    return Promise.resolve();
  }
  return new Promise((resolve) => waiting.push(resolve));
}

function done(): void {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}

async function prepare(photo: Sending, tell: (told: Told) => void): Promise<Upload> {
  return new Upload(photo.file, {
    endpoint: "/upload/",
    headers: { Authorization: `Bearer ${secret}` },
    metadata: {
      photo: photo.id,
      shot: photo.shot,
      sha256: await sha256(photo.file),
      filetype: photo.file.type || "application/octet-stream",
      filename: photo.file.name,
    },
    retryDelays: WAITS,
    chunkSize: 4 * 1024 * 1024,
    // Our own id names the upload: phones re-encode a picture at every pick, so its bytes cannot.
    fingerprint: async () => photo.id,
    storeFingerprintForResuming: true,
    removeFingerprintOnSuccess: true,
    onProgress: (sent, whole) => tell({ kind: "progress", share: whole ? sent / whole : 0 }),
    onSuccess: () => tell({ kind: "kept" }),
    onError: (error) => tell(failure(error)),
  });
}

async function sha256(file: File): Promise<string> {
  // Only secure pages (https, or this very machine) have WebCrypto; without it the server still checks the length.
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function failure(error: unknown): Told {
  const answer = (error as { originalResponse?: { getBody(): string; getStatus(): number } | null }).originalResponse;
  const status = answer?.getStatus() ?? 0;
  return { kind: "failed", sentence: saidBy(answer?.getBody() ?? ""), final: status >= 400 && status < 500 };
}

function saidBy(body: string): string {
  try {
    return (JSON.parse(body) as { sentence: string }).sentence;
  } catch {
    return document.querySelector<HTMLElement>("[data-no-line]")?.dataset["noLine"] ?? "";
  }
}
