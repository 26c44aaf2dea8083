// "Take the photo" opens the camera in the page where there is one. The file input beneath stays, and is what opens
// wherever the camera cannot: no camera, no permission, no secure page, an old browser.
import type { Trouble } from "./camera.ts";

export type Take = (shot: string, file: File) => void;

const PATIENCE = 10_000; // milliseconds that a bad line has to bring the camera's script

let there: boolean | undefined; // a camera; unknown while they are counted
let counted: Promise<void> = Promise.resolve();
let refused = false;
let busy = false;
let take: Take = () => undefined;

export function offerCamera(taker: Take): void {
  const able = "mediaDevices" in navigator && "HTMLDialogElement" in window && "adoptedStyleSheets" in document;
  if (!able || !document.querySelector("#finder")) return;
  take = taker;
  document.addEventListener("click", pressed);
  document.addEventListener("keydown", held);
  navigator.mediaDevices.addEventListener("devicechange", () => (counted = count()));
  counted = count();
  void forgive();
}

/** Whether a camera is there can be known without asking for it. */
async function count(): Promise<void> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  there = devices.some((device) => device.kind === "videoinput");
}

/** Who allows the camera later, or lets it be asked for again, need not reload the page. */
async function forgive(): Promise<void> {
  const permission = await navigator.permissions?.query({ name: "camera" as PermissionName }).catch(() => undefined);
  permission?.addEventListener("change", () => {
    if (permission.state !== "denied") clear();
  });
}

function clear(): void {
  refused = false;
  document.querySelectorAll("[data-trouble-note]").forEach((note) => note.remove());
}

function pressed(event: Event): void {
  const on = event.target as Element;
  const again = on.closest("[data-camera-again]")?.closest<HTMLElement>("[data-trouble-note]");
  const input = again ? inputFor(again.dataset["troubleNote"] ?? "") : inputOf(on);
  if (again) clear();
  if (!input || there === false || refused || noteFor(input.dataset["shot"] ?? "")) return;
  event.preventDefault();
  if (!busy) void counted.then(() => (there ? open(input, (event as MouseEvent).detail === 0) : input.click()));
}

/** The Enter that took a photo may be down still when the focus is back here: it opens the camera once a press. */
function held(event: KeyboardEvent): void {
  if (event.repeat && event.key === "Enter" && inputOf(event.target as Element)) event.preventDefault();
}

/** The page's own input, by its label or, with the keyboard, itself; the one within the finder is left alone. */
function inputOf(on: Element): HTMLInputElement | null {
  if (on.closest("dialog")) return null;
  if (on.matches("input[capture]")) return on as HTMLInputElement;
  return on.closest("label")?.querySelector<HTMLInputElement>("input[capture]") ?? null;
}

function inputFor(shot: string): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(`input[capture][data-shot="${CSS.escape(shot)}"]`);
}

function noteFor(shot: string): Element | null {
  return document.querySelector(`[data-trouble-note="${CSS.escape(shot)}"]`);
}

async function open(input: HTMLInputElement, byKey: boolean): Promise<void> {
  const shot = input.dataset["shot"] ?? "";
  const label = input.closest("label");
  busy = true;
  label?.setAttribute("aria-busy", "true");
  try {
    const { find } = await soon(import("./finder.ts"));
    const found = await find(shot, byKey);
    if (found instanceof File) take(shot, found);
    else if (found) explain(input, found);
  } catch {
    explain(input, "broken"); // the line was too bad to bring the finder
  }
  label?.removeAttribute("aria-busy");
  busy = false;
}

function soon<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  const late = new Promise<never>((_, fail) => window.setTimeout(() => fail(new Error("late")), PATIENCE));
  return Promise.race([loading, late]);
}

/** Where the press was; the next one opens the file input: of every shot without permission, else of this one. */
function explain(input: HTMLInputElement, trouble: Trouble): void {
  refused = trouble === "denied" || trouble === "missing";
  const template = document.querySelector<HTMLTemplateElement>("#camera-trouble")!;
  const note = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
  note.dataset["troubleNote"] = input.dataset["shot"] ?? "";
  note.querySelectorAll<HTMLElement>("[data-trouble]").forEach((each) => {
    if (each.dataset["trouble"] !== trouble) each.remove();
  });
  const step = input.closest<HTMLElement>("[data-step]");
  // Taken again from the last step, where all photos are shown once more.
  if (step?.hidden) document.querySelector("[data-step]:not([hidden]) .photos")?.before(note);
  else input.closest(".pick")?.prepend(note);
}
