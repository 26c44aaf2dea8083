// The field of the serial number and what is said beside it. What somebody typed is theirs: it is never overwritten.
import type { Read } from "./codes.ts";

/** It was read; there are several; it is not what was typed; it is what was typed. */
export type About = "read" | "several" | "other" | "same";

/** Whether there is something to look for: the chosen item carries a serial number, and it can be typed here. */
export function wanted(): boolean {
  return place()?.hidden === false;
}

/** What the chosen item's serial numbers look like; undefined while that is not known, or not sayable here. */
export function format(): RegExp | undefined {
  const said = document.querySelector<HTMLInputElement>("[name=order_line_id]:checked")?.dataset["serial"];
  try {
    return said ? new RegExp(`^(?:${said})$`, "i") : undefined;
  } catch {
    return undefined; // a format in words that only Python knows
  }
}

/** Several are offered and never chosen from; so is one that differs from what was typed. */
export function hear({ serial, choose }: Read, tell: (about: About, serial: string) => void = () => undefined): void {
  const [where, input] = [place(), field()];
  if (!where || !input || !(serial || choose.length)) return;
  const typed = input.value !== "" && input.value !== input.dataset["read"];
  if (!typed) write(input, serial);
  const other = typed && serial && !same(input.value, serial);
  const about = choose.length ? "several" : other ? "other" : typed ? "same" : "read";
  offer(where, input, other ? [serial] : choose);
  say(where.querySelector("[data-serial-said]")!, about, serial);
  tell(about, serial);
}

function place(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-serial-field]");
}

function field(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("[data-serial-field] input");
}

function same(one: string, other: string): boolean {
  return one.replace(/\s/g, "").toUpperCase() === other.replace(/\s/g, "").toUpperCase();
}

function write(input: HTMLInputElement, number: string): void {
  input.dataset["read"] = number;
  if (input.value === number) return;
  input.value = number;
  input.dispatchEvent(new Event("change", { bubbles: true })); // so that it is kept as if typed
}

/** The words are the place's own. Unchanged ones are left alone, or a screen reader would say them again. */
export function say(where: HTMLElement, about: About, serial: string): void {
  const words = (where.dataset[about] ?? "").replace("{serial}", serial);
  if (where.textContent !== words) where.textContent = words;
}

function offer(where: HTMLElement, input: HTMLInputElement, numbers: readonly string[]): void {
  const list = where.querySelector<HTMLElement>("[data-serial-offers]")!;
  list.replaceChildren(...numbers.map((number) => button(input, number)));
  list.hidden = numbers.length === 0;
}

/** It stays when it is pressed: the focus is on it, and somebody may think again. */
function button(input: HTMLInputElement, number: string): HTMLElement {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: number });
  const show = (): void => made.setAttribute("aria-pressed", String(same(input.value, number)));
  made.addEventListener("click", () => {
    write(input, number);
    delete input.dataset["read"]; // chosen by hand, so it is theirs
  });
  input.addEventListener("change", show);
  show();
  return made;
}
