// The screen as a lamp. It shines at whoever holds the phone, so it helps nobody whose camera looks the other way: only
// for a close-up of something small, with the camera above the screen, and only where the lens has no lamp of its own.
// A label's print is too fine for most of those cameras, and a whole appliance is too large for that light.
import type { Torch } from "./advice.ts";

export interface Lit {
  readonly shot: string;
  readonly view: HTMLElement;
}

const CLOSE = "close_up";

/** "none" where it would be of no use. */
export function screenOf({ shot, view }: Lit): Torch {
  if (shot !== CLOSE || !buttonOf(view)) return "none";
  return view.classList.contains("lit") ? "on" : "off";
}

export function showScreen(view: HTMLElement): void {
  buttonOf(view)!.hidden = false;
}

export function lightScreen(view: HTMLElement, on: boolean): void {
  view.classList.toggle("lit", on);
  buttonOf(view)?.setAttribute("aria-pressed", String(on));
}

/** There is no camera above this screen: it is not offered again. */
export function forgetScreen(view: HTMLElement): void {
  lightScreen(view, false);
  buttonOf(view)?.remove();
}

function buttonOf(view: HTMLElement): HTMLElement | null {
  return view.querySelector<HTMLElement>("[data-screen]");
}
