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

/** Bytes; what is larger would be refused, so it is not even read. */
export const largest = Number(root?.dataset["largest"] ?? Infinity);

const ahead = Number(root?.dataset["now"] ?? 0) * 1000 - Date.now();

/** Milliseconds since 1970 by the server's clock: a phone's may be wrong by a year. */
export function now(): number {
  return Date.now() + ahead;
}

function token(): string {
  return document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export async function post(path: string, data: FormData | URLSearchParams = new URLSearchParams()): Promise<Response> {
  return fetch(`${base}${path}`, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
}

export async function photos(): Promise<PhotoState[]> {
  const answer = await fetch(`${base}photos`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`photos: ${answer.status}`);
  return ((await answer.json()) as { photos: PhotoState[] }).photos;
}
