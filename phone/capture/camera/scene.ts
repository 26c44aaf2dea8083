// While the camera sees something: the line of advice, the light, and the photo by hand or by itself.
import * as advice from "./advice.ts";
import { expose, hasTorch, lightTorch } from "./camera.ts";
import { watchFrames, type Looked } from "./frames.ts";
import { takeStill } from "./still.ts";

const BY_ITSELF = "camera-by-itself";
/** Brighter or darker than the camera would choose, in stops. */
const STOPS: Partial<Record<advice.Line, number>> = { start: 0, too_dark: 1, torch: 1, own_camera: 1, overexposed: -1 };

interface Seen {
  readonly shot: string;
  readonly view: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly track: MediaStreamTrack;
  /** Aborted when the camera goes off. */
  readonly signal: AbortSignal;
  readonly leave: (found: File | "broken") => void;
}

export interface Scene extends Seen {
  advice: advice.Advice;
  torch: advice.Torch;
  dim: boolean;
  taking: boolean;
}

export function attend(seen: Seen): Scene {
  const { view, video, track, signal } = seen;
  const torch = hasTorch(track) ? "off" : "none";
  const scene: Scene = { ...seen, advice: advice.begin(performance.now()), torch, dim: false, taking: false };
  view.style.setProperty("--shape", String(video.videoWidth / video.videoHeight));
  view.classList.add("ready");
  showTorch(scene);
  say(scene);
  // Without a gate (it could not be loaded, say) there is no advice, and the button works as ever.
  void watchFrames(video, track, signal, (looked) => heard(scene, looked)).catch(() => undefined);
  return scene;
}

/** The switch of the photo that takes itself, which remembers how it was left. */
export function byItself(view: HTMLElement): void {
  const box = switchOf(view);
  box.checked = remembered() !== "off";
  box.addEventListener("change", () => remember(box.checked ? "on" : "off"));
}

function switchOf(view: HTMLElement): HTMLInputElement {
  return view.querySelector<HTMLInputElement>("[data-by-itself]")!;
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(BY_ITSELF);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function remember(how: string): void {
  try {
    sessionStorage.setItem(BY_ITSELF, how);
  } catch {
    // The switch still holds while the camera is open.
  }
}

export function pressed(scene: Scene, on: Element): void {
  if (on === switchOf(scene.view)) say(scene);
  if (on.closest("[data-torch]")) void light(scene, scene.torch !== "on");
  if (on.closest("[data-shutter]")) void shoot(scene);
}

/** Where the browser gives the page the volume keys they are a shutter, as in a phone's own camera. */
export function keyed(scene: Scene, event: KeyboardEvent): void {
  const volume = event.key === "AudioVolumeUp" || event.key === "AudioVolumeDown";
  const nowhere = event.target === scene.view && (event.key === "Enter" || event.key === " ");
  if (!volume && !nowhere) return;
  event.preventDefault();
  if (!event.repeat) void shoot(scene);
}

function heard(scene: Scene, { at, verdict, moved }: Looked): void {
  const was = scene.advice;
  scene.advice = advice.hear(was, { at, verdict, moved, torch: scene.torch }, scene.shot);
  scene.dim = [...verdict.reasons, ...verdict.advice].includes("too_dark");
  if (scene.advice.line !== was.line) say(scene);
  if (switchOf(scene.view).checked && advice.ripe(scene.advice, at)) void shoot(scene);
}

/** The words are the page's own, in the customer's language. */
function say({ shot, view, track, advice: { line } }: Scene): void {
  const itself = line === "good" && switchOf(view).checked;
  const words = view.querySelector(`[data-says="${line === "start" ? `start-${shot}` : itself ? "good-itself" : line}"]`);
  view.dataset["advice"] = line;
  view.querySelector("[role=status]")!.replaceChildren(...(words?.cloneNode(true).childNodes ?? []));
  const stops = STOPS[line];
  if (stops !== undefined) expose(track, stops);
}

async function light(scene: Scene, on: boolean): Promise<void> {
  try {
    await lightTorch(scene.track, on);
    scene.torch = on ? "on" : "off";
  } catch {
    scene.torch = "none"; // it says it has one, and has not
  }
  showTorch(scene);
}

function showTorch({ view, torch }: Scene): void {
  const button = view.querySelector<HTMLElement>("[data-torch]")!;
  button.hidden = torch === "none";
  button.setAttribute("aria-pressed", String(torch === "on"));
}

async function shoot(scene: Scene): Promise<void> {
  if (scene.taking) return;
  scene.taking = true;
  scene.view.classList.add("taking");
  try {
    const photo = await takeStill(scene.video, scene.track, scene.dim);
    navigator.vibrate?.(20);
    scene.leave(new File([photo], `${scene.shot}.jpg`, { type: photo.type, lastModified: Date.now() }));
  } catch {
    if (!scene.signal.aborted) scene.leave("broken");
  }
}
