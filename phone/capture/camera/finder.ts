// The camera in the page, from the press that opens it to the photo, or to the reason why there is none.
import { closeCamera, looksAway, openCamera, trackOf, troubleOf, whenGone, type Trouble } from "./camera.ts";
import look from "../../styles/finder.css?inline";
import { attend, byItself, keyed, pressed, type Scene } from "./scene.ts";
import { forgetScreen, lightScreen, screenOf } from "./screen.ts";

// It comes with this script, so that neither the page's first load nor the camera waits for a stylesheet.
const styles = new CSSStyleSheet();
styles.replaceSync(look);
document.adoptedStyleSheets.push(styles);

const FIRST_FRAME = 8000; // milliseconds

export type Found = File | Trouble | undefined;

interface Finder {
  readonly shot: string;
  readonly view: HTMLDialogElement;
  readonly video: HTMLVideoElement;
  readonly leave: (found: Found) => void;
  /** Aborted when the finder is left: nothing listens any more. */
  readonly over: AbortController;
  /** Aborted when the camera of this opening goes off; an opening that comes late is closed at once. */
  opening: AbortController;
  stream: MediaStream | undefined;
  scene: Scene | undefined;
}

/** The photo that was taken; why there is no camera; or nothing, when it was closed. The camera is off by then. */
export function find(shot: string, byKey: boolean): Promise<Found> {
  const ahead = openCamera(); // while the finder is laid out
  ahead.catch(() => undefined); // told below
  return new Promise((keep) => {
    const view = shown(shot);
    // A thumb needs no ring around the shutter; a key needs a place to be.
    (byKey ? view.querySelector<HTMLElement>("[data-shutter]")! : view).focus();
    const leave = (found: Found): void => {
      if (finder.over.signal.aborted) return;
      finder.over.abort();
      rest(finder);
      view.close();
      view.remove();
      keep(found);
    };
    const finder: Finder = {
      shot, view, leave, video: view.querySelector("video")!, over: new AbortController(),
      opening: new AbortController(), stream: undefined, scene: undefined,
    };
    listen(finder);
    void start(finder, ahead);
  });
}

function shown(shot: string): HTMLDialogElement {
  const template = document.querySelector<HTMLTemplateElement>("#finder")!;
  const view = template.content.firstElementChild!.cloneNode(true) as HTMLDialogElement;
  const step = document.querySelector(`[data-shot-step="${CSS.escape(shot)}"] h1`);
  view.dataset["guide"] = shot;
  view.querySelector("[data-title]")!.textContent = step?.textContent ?? "";
  ownCamera(view).dataset["shot"] = shot;
  byItself(view);
  document.body.append(view);
  view.showModal();
  return view;
}

function ownCamera(view: HTMLElement): HTMLInputElement {
  return view.querySelector<HTMLInputElement>("input[type=file]")!;
}

function listen(finder: Finder): void {
  const { view, leave } = finder;
  const { signal } = finder.over;
  view.addEventListener("close", () => leave(undefined), { signal }); // with Escape, or a phone's Back
  view.addEventListener("click", (event) => {
    const on = event.target as Element;
    if (on.closest("[data-close]")) leave(undefined);
    else if (on.closest("[data-screen]")) turn(finder);
    else if (finder.scene) pressed(finder.scene, on);
  }, { signal });
  // On all of the page: a control that went away leaves the focus, and the keys with it, on what lies beneath.
  document.addEventListener("keydown", (event) => keyed(finder.scene, event), { signal });
  document.addEventListener("visibilitychange", () => (document.hidden ? rest(finder) : void start(finder)), { signal });
  // The phone's own camera cannot have the lens while the page has it. What it takes, the page hears itself.
  const own = ownCamera(view);
  own.addEventListener("click", () => rest(finder), { signal });
  own.addEventListener("cancel", () => void start(finder), { signal });
  own.addEventListener("change", () => leave(undefined), { signal });
}

/** The camera above the screen sees what the screen lights. */
function turn(finder: Finder): void {
  lightScreen(finder.view, screenOf(finder) !== "on");
  void start(finder);
}

async function start(finder: Finder, opened?: Promise<MediaStream>): Promise<void> {
  rest(finder);
  const lit = screenOf(finder) === "on";
  const { signal } = (finder.opening = new AbortController());
  try {
    const stream = await (opened ?? openCamera(lit ? "user" : "environment"));
    if (signal.aborted) return closeCamera(stream);
    finder.stream = stream;
    const track = trackOf(stream)!;
    if (lit && looksAway(track)) forgetScreen(finder.view);
    whenGone(track, () => signal.aborted || finder.leave("gone"));
    await play(finder.video, stream);
    if (signal.aborted) return;
    const { shot, view, video, leave } = finder;
    finder.scene = attend({ shot, view, video, track, signal, leave });
  } catch (problem) {
    if (!signal.aborted) finder.leave(troubleOf(problem));
  }
}

async function play(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  const late = new Promise<never>((_, fail) => window.setTimeout(() => fail(new Error("broken")), FIRST_FRAME));
  video.srcObject = stream;
  await Promise.race([video.play(), late]);
}

/** The camera is off while nobody looks; the phone would take it away anyway. */
function rest(finder: Finder): void {
  finder.opening.abort();
  closeCamera(finder.stream);
  finder.stream = finder.scene = undefined;
  finder.video.srcObject = null;
  finder.view.classList.remove("ready");
}
