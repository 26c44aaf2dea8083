// One thing per screen: the form's sections are shown one at a time; the address keeps the place, so Back works.
import { told } from "./told.ts";

/** Which step (a section's data-step) is on the way now; the list changes with what was chosen. */
export type Way = () => HTMLElement[];

let way: Way = () => [];
let entered: (step: HTMLElement) => void = () => undefined;

export function walk(steps: Way, onEnter: (step: HTMLElement) => void): void {
  [way, entered] = [steps, onEnter];
  document.documentElement.classList.add("stepped");
  window.addEventListener("hashchange", show);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-go]");
    if (!button) return;
    event.preventDefault();
    go(button.dataset["go"] === "back" ? -1 : 1);
  });
  show();
}

export function goOn(): void {
  go(1);
}

export function goTo(name: string): void {
  if (location.hash === `#${name}`) show();
  else location.hash = name;
}

export function current(): HTMLElement | undefined {
  const steps = way();
  return steps.find((step) => `#${step.dataset["step"]}` === location.hash) ?? steps[0];
}

function go(by: number): void {
  const steps = way();
  const now = current();
  if (!now || (by > 0 && !filled(now))) return;
  if (by < 0 && history.state === "walked") return history.back();
  const next = steps[steps.indexOf(now) + by];
  if (!next) return;
  history.pushState("walked", "", `#${next.dataset["step"]}`);
  show();
}

/** The browser's own sentences say what is missing. */
function filled(step: HTMLElement): boolean {
  const fields = [...step.querySelectorAll<HTMLInputElement>("input, select, textarea")];
  return fields.every((field) => field.reportValidity());
}

export function show(): void {
  const steps = way();
  const now = current();
  document.querySelectorAll<HTMLElement>("[data-step]").forEach((step) => (step.hidden = step !== now));
  if (!now) return;
  document.documentElement.classList.toggle("begun", now !== steps[0]);
  dots(steps.length, steps.indexOf(now));
  told("step", { step: now.dataset["step"] ?? "", number: steps.indexOf(now) + 1, of: steps.length });
  entered(now);
  window.scrollTo(0, 0);
  // Within another page the reader may be elsewhere; then they stay there.
  if (window.parent === window || document.hasFocus()) now.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

function dots(count: number, at: number): void {
  const place = document.querySelector<HTMLElement>("[data-dots]");
  if (!place) return;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", (place.dataset["words"] ?? "").replace("{at}", String(at + 1)).replace("{of}", String(count)));
  place.replaceChildren(
    ...Array.from({ length: count }, (_, i) => Object.assign(document.createElement("i"), { className: i <= at ? "on" : "" })),
  );
}
