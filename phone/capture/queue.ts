// The upload queue: two photos at a time, the original bytes untouched, on from where the server is, never given up
// for a bad line or a server in trouble.
import { type Answer, add, announce, giveUp, reached } from "./tus.ts";

/** A photo to send; `read` gives bytes from an offset on, as many as are at hand; undefined once they are lost. */
export interface Sending {
  id: string;
  shot: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
  url: string;
  read: (offset: number) => Promise<ArrayBuffer | undefined>;
}

/** `waits`: it goes on by itself. `ended`: this link takes nothing more, but another may. `never`: this photo will not do. */
export type Told =
  | { kind: "progress"; share: number }
  | { kind: "begun"; url: string }
  | { kind: "arrived" }
  | { kind: "waits" | "ended" | "never"; status: number; sentence: string };

/** Stops the sending; `forGood` also gives up what the server has of it. */
export type Stop = (forGood: boolean) => void;

type Meaning = "again" | "look" | "anew" | "ended" | "never";

const AT_ONCE = 2;
const [SMALLEST, FIRST, LARGEST] = [32 * 1024, 256 * 1024, 1024 * 1024];
const PIECE_TAKES = 4000;
const LONGEST_WAIT = 30_000;
/** The bytes that came are not those that were announced, so the server has put them away. */
const SPOILED = 460;
/** The phone has cleared the photo away; as a status, beside those of the server. */
export const LOST = -1;
const waiting: Array<() => void> = [];
let running = 0;
/** How much to send in one go: about four seconds of this line, so that little is lost when it breaks. */
let portion = FIRST;

/** Send one photo; `tell` hears how it goes. */
export function send(photo: Sending, tell: (told: Told) => void): Stop {
  const stop = new AbortController();
  const heard = (told: Told): void => (stop.signal.aborted ? undefined : tell(told));
  void carry(photo, heard, stop.signal);
  return (forGood) => {
    stop.abort();
    if (forGood && photo.url) giveUp(photo.url);
  };
}

async function carry(photo: Sending, tell: (told: Told) => void, stop: AbortSignal): Promise<void> {
  for (let tries = 0, best = 0, spoiled = 0; ; tries += 1) {
    const answer = await inTurn(() => attempt(photo, tell, stop));
    if (stop.aborted) return;
    if (good(answer)) return tell({ kind: "arrived" });
    if (answer.status === SPOILED) spoiled += 1;
    const meaning = spoiled > 2 ? "never" : meant(answer, photo.url);
    if (meaning === "ended" || meaning === "never") return tell({ ...answer, kind: meaning });
    if (meaning === "anew") best = begun(photo, "", tell);
    if (answer.offset > best) [tries, best] = [0, answer.offset];
    // What only needs another look is looked at again at once, but not for ever.
    if (meaning === "again" || tries > 1) {
      tell({ ...answer, kind: "waits" });
      await pause(tries, stop);
    }
  }
}

/** One go, to the end or to the first answer that is no yes; its offset tells how far it came. */
async function attempt(photo: Sending, tell: (told: Told) => void, stop: AbortSignal): Promise<Answer> {
  let answer = photo.url ? await reached(photo.url, stop) : await introduce(photo, tell, stop);
  while (good(answer) && answer.offset < photo.size && !stop.aborted) {
    const offset = answer.offset;
    tell({ kind: "progress", share: offset / photo.size });
    answer = await addPiece(photo, offset, tell, stop);
    // A server that takes bytes and stays where it was would keep us here for ever.
    if (!good(answer) || answer.offset <= offset) return { ...answer, status: good(answer) ? 409 : answer.status, offset };
  }
  return answer;
}

async function introduce(photo: Sending, tell: (told: Told) => void, stop: AbortSignal): Promise<Answer> {
  const about = { photo: photo.id, shot: photo.shot, sha256: photo.sha256, filetype: photo.type, filename: photo.name };
  const answer = await announce(photo.size, about, stop);
  if (good(answer)) begun(photo, answer.url, tell);
  return answer;
}

async function addPiece(photo: Sending, offset: number, tell: (told: Told) => void, stop: AbortSignal): Promise<Answer> {
  const read = await photo.read(offset).catch(() => null);
  // A store that does not answer now may do so later; bytes that are gone are gone.
  if (!read) return { status: read === null ? 503 : LOST, offset, url: "", code: "", sentence: "" };
  const body = read.byteLength > portion ? read.slice(0, portion) : read;
  const began = performance.now();
  const answer = await add(photo.url, offset, body, stop, (sent) => {
    tell({ kind: "progress", share: (offset + sent) / photo.size });
  });
  if (stop.aborted) return answer;
  const fair = good(answer) ? (body.byteLength / (performance.now() - began)) * PIECE_TAKES : portion / 2;
  portion = Math.round(Math.min(LARGEST, Math.max(SMALLEST, fair)));
  return answer;
}

/** Where the upload goes on from now, and that nothing of it is there yet as far as we know. */
function begun(photo: Sending, url: string, tell: (told: Told) => void): number {
  photo.url = url;
  tell({ kind: "begun", url });
  return 0;
}

function good(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** What an answer that is no yes asks of us; `url` is empty when the photo could not even be announced. */
function meant({ status, code }: Answer, url: string): Meaning {
  if (status === 409) return "look";
  if (status === SPOILED || (url && (status === 404 || status === 410))) return "anew";
  if (status === LOST) return "never";
  if (status < 400 || status >= 500 || [408, 423, 425, 429].includes(status)) return "again";
  return [401, 403, 404, 410].includes(status) && code !== "evidence.too_many_photos" ? "ended" : "never";
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Ever longer, never all at once; a line that comes back ends it. */
function pause(tries: number, stop: AbortSignal): Promise<void> {
  const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
  return new Promise((resolve) => {
    const timer = window.setTimeout(over, wait);
    function over(): void {
      window.clearTimeout(timer);
      window.removeEventListener("online", over);
      stop.removeEventListener("abort", over);
      resolve();
    }
    window.addEventListener("online", over);
    stop.addEventListener("abort", over);
  });
}
