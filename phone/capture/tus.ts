// tus 1.0.0, as much of it as a phone needs: announce, ask for the offset, add a piece, give up. Nothing is thrown:
// a line that is down, or silent for too long, is an answer too.
import { secret } from "./server.ts";

/** `status` 0: nobody answered. `offset`: the bytes that the server surely has. */
export interface Answer {
  status: number;
  offset: number;
  url: string;
  code: string;
  sentence: string;
}

interface Asked {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: ArrayBuffer;
  stop?: AbortSignal;
  sent?: (bytes: number) => void;
}

const DOOR = "/upload/";
const SILENCE = 20_000;

/** Announcing the same photo again is no second photo: the answer tells how far it got. */
export function announce(size: number, about: Record<string, string>, stop: AbortSignal): Promise<Answer> {
  const said = Object.entries(about).map(([key, value]) => `${key} ${base64(value)}`).join(",");
  return ask({ method: "POST", url: DOOR, stop, headers: { "Upload-Length": String(size), "Upload-Metadata": said } });
}

export function reached(url: string, stop: AbortSignal): Promise<Answer> {
  return ask({ method: "HEAD", url, stop });
}

export function add(
  url: string, offset: number, body: ArrayBuffer, stop: AbortSignal, sent: (bytes: number) => void,
): Promise<Answer> {
  const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
  return ask({ method: "PATCH", url, body, stop, sent, headers });
}

export function giveUp(url: string): void {
  void ask({ method: "DELETE", url });
}

function ask({ method, url, headers, body, stop, sent }: Asked): Promise<Answer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    if (stop?.aborted) return resolve(heard(request));
    const abort = (): void => request.abort();
    let silence = window.setTimeout(abort, SILENCE);
    request.upload.onprogress = (event) => {
      window.clearTimeout(silence);
      silence = window.setTimeout(abort, SILENCE);
      sent?.(event.loaded);
    };
    request.onloadend = () => {
      window.clearTimeout(silence);
      stop?.removeEventListener("abort", abort);
      resolve(heard(request));
    };
    request.open(method, url);
    const language = document.documentElement.lang;
    const all = { "Tus-Resumable": "1.0.0", "Accept-Language": language, Authorization: `Bearer ${secret}`, ...headers };
    Object.entries(all).forEach(([name, value]) => request.setRequestHeader(name, value));
    stop?.addEventListener("abort", abort);
    request.send(body ?? null);
  });
}

function heard(request: XMLHttpRequest): Answer {
  const offset = Number.parseInt(request.getResponseHeader("Upload-Offset") ?? "", 10);
  const good = request.status >= 200 && request.status < 300;
  return {
    // Whoever says yes without an offset is not our server, but somebody on the way to it.
    status: good && Number.isNaN(offset) ? 502 : request.status,
    offset: Number.isNaN(offset) ? 0 : offset,
    url: request.getResponseHeader("Location") ?? "",
    ...refusal(request.responseText),
  };
}

function refusal(body: string): { code: string; sentence: string } {
  try {
    const { code, sentence } = JSON.parse(body) as { code?: string; sentence?: string };
    return { code: code ?? "", sentence: sentence ?? "" };
  } catch {
    return { code: "", sentence: "" };
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
