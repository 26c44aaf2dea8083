// What this page says to the server: small requests, always with the link's own path and the form's token.

/** One photo as the server knows it; `client` is the phone's own id of it. */
export interface PhotoState {
  client: string;
  shot: string;
  state: "arrived" | "accepted" | "retake" | "unreadable";
  sentence: string;
  replaced: boolean;
  sent_anyway: boolean;
  may_send_anyway: boolean;
  thumb: string | null;
}

const root = document.querySelector<HTMLElement>("[data-link]");
export const base = root?.dataset["link"] ?? "";
export const secret = root?.dataset["secret"] ?? "";
/** Whose photos these are; and the ended sessions of the same return, whose unsent photos are ours as well. */
export const session = root?.dataset["session"] ?? "";
export const earlier = (root?.dataset["earlier"] ?? "").split(" ").filter(Boolean);

/** What is to be sent here: the return itself, or what was asked for once, or once more. */
export const turn = document.querySelector<HTMLElement>("[data-turn]")?.dataset["turn"] ?? "";

/** Bytes; what is larger would be refused, so it is not even read. */
export const largest = Number(root?.dataset["largest"] ?? Infinity);

/** When the server wrote this page, by its own clock. */
export const renderedAt = Number(root?.dataset["now"] ?? 0) * 1000;
const ahead = renderedAt - Date.now();

/** Milliseconds since 1970 by the server's clock: a phone's may be wrong by a year. */
export function now(): number {
  return Date.now() + ahead;
}

function token(): string {
  return document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}

const SILENCE = 20_000;
/** Whether the last request was answered. What the browser says of its line (navigator.onLine) is often wrong. */
export let reachable = true;

export async function post(path: string, data: FormData | URLSearchParams = new URLSearchParams()): Promise<Response> {
  return ask(path, { method: "POST", body: data, headers: { "X-CSRFToken": token(), Accept: "application/json" } });
}

export async function photos(): Promise<PhotoState[]> {
  const answer = await ask("photos", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`photos: ${answer.status}`);
  return ((await answer.json()) as { photos: PhotoState[] }).photos;
}

/** A line that says nothing for so long is none; also one on which an answer begins and never ends. */
async function ask(path: string, how: RequestInit): Promise<Response> {
  const stop = new AbortController();
  window.setTimeout(() => stop.abort(), SILENCE);
  try {
    const answer = await fetch(`${base}${path}`, { ...how, signal: stop.signal });
    reachable = true;
    return answer;
  } catch (error) {
    reachable = false;
    throw error;
  }
}
