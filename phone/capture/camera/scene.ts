// While the camera sees something: the line of advice, the light, and the photo by hand or by itself.
import * as advice from "./advice.ts";
import { expose, hasTorch, lightTorch } from "./camera.ts";
import { nextExposure, type Exposure } from "./exposure.ts";
import { watchFrames, type Looked } from "./frames.ts";
import { readLabel } from "./label.ts";
import { screenOf, showScreen } from "./screen.ts";
import { takeStill } from "./still.ts";

const BY_ITSELF = "camera-by-itself";
const SHUTTERS = ["AudioVolumeUp", "AudioVolumeDown", "VolumeUp", "VolumeDown", "Camera"];

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
  exposure: Exposure;
  dim: boolean;
  taking: boolean;
}

export function attend(seen: Seen): Scene {
  const { view, video, track, signal } = seen;
  const torch = hasTorch(track) ? "off" : "none";
  const now = performance.now();
  const scene: Scene = {
    ...seen, advice: advice.begin(now), torch, exposure: { stops: 0, since: now }, dim: false, taking: false,
  };
  view.style.setProperty("--shape", String(video.videoWidth / video.videoHeight));
  view.classList.add("ready");
  showTorch(scene);
  say(scene);
  // Without a gate (it could not be loaded, say) there is no advice, and the button works as ever.
  void watchFrames(video, track, signal, (looked) => heard(scene, looked)).catch(() => undefined);
  void readLabel(seen).catch(() => undefined);
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
  if (on.closest("[data-torch]")) void lightLamp(scene, scene.torch !== "on");
  if (on.closest("[data-shutter]")) void shoot(scene);
}

/**
 * Where the browser gives the page the volume keys they are a shutter, as in a phone's own camera; a selfie stick presses
 * them or Enter. A key that is held down is one press: neither a second photo, nor one of a button it was not meant for.
 */
export function keyed(scene: Scene | undefined, event: KeyboardEvent): void {
  const shutter = SHUTTERS.includes(event.key);
  const nowhere = (event.target as Element).matches("body, dialog");
  const press = event.key === "Enter" || event.key === " ";
  if (!shutter && !(press && (nowhere || event.repeat))) return;
  event.preventDefault();
  if (scene && !event.repeat) void shoot(scene);
}

function heard(scene: Scene, { at, verdict, moved }: Looked): void {
  const was = scene.advice;
  const screen = screenOf(scene);
  scene.advice = advice.hear(was, { at, verdict, moved, torch: scene.torch, screen }, scene.shot);
  light(scene, at, [...verdict.reasons, ...verdict.advice]);
  if (scene.advice.line !== was.line) say(scene);
  if (switchOf(scene.view).checked && advice.ripe(scene.advice, at)) void shoot(scene);
}

function light(scene: Scene, at: number, said: string[]): void {
  const was = scene.exposure;
  scene.dim = said.includes("too_dark");
  const seen = { dark: scene.dim, bright: said.includes("overexposed"), lamp: scene.torch === "on" };
  scene.exposure = nextExposure(was, at, seen);
  if (scene.exposure.stops !== was.stops) expose(scene.track, scene.exposure.stops);
}

/** The words are the page's own, in the customer's language. */
function say(scene: Scene): void {
  const { shot, view, advice: { line } } = scene;
  const itself = line === "good" && switchOf(view).checked;
  const start = screenOf(scene) === "on" ? "start-screen" : `start-${shot}`;
  const words = view.querySelector(`[data-says="${line === "start" ? start : itself ? "good-itself" : line}"]`);
  if (line === "screen") showScreen(view);
  view.dataset["advice"] = line;
  view.querySelector("[role=status]")!.replaceChildren(...(words?.cloneNode(true).childNodes ?? []));
}

async function lightLamp(scene: Scene, on: boolean): Promise<void> {
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
