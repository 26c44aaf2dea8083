// What this sitting must not lose: its photos, what is chosen and typed, and the press on Send. It comes after what the
// customer sees first (later.ts).
import { keep, note, restore, tell } from "./drafting.ts";
import { allThere, arrivals, draw, failed, remember, remembered, watch } from "./photos.ts";
import { goTo, show } from "./steps.ts";
import { told } from "./told.ts";
import { beginWishes, makeWish, tryWish, wishedBefore } from "./wish.ts";

export { draw, shown, take, unfinished } from "./photos.ts";
export { dropWish } from "./wish.ts";

/** What the page around it does when something changed. */
interface Page {
  form: HTMLFormElement;
  /** The fields that were changed before this came, by name: what is in them counts. */
  touched: Set<string>;
  photosChanged: () => void;
  formFilled: () => void;
}

let kept = Promise.resolve();

export function begin(page: Page): void {
  beginWishes({ allThere, failed, changed: draw, refused });
  watch(() => {
    page.photosChanged();
    if (arrivals().of > 0) told("photo", arrivals());
  }, (listening) => void looked(listening));
  kept = takeUp(page);
  draw();
}

/** Typed: on the phone at once. */
export function typing(): void {
  void kept.then(keep);
}

/** Chosen, or a step further: on the phone now, and with the server as soon as it listens. */
export async function save(): Promise<void> {
  await kept;
  await keep();
  await tell();
}

/** Send was pressed; `then` says what the customer wants to do next. */
export function send(then: string): void {
  refused("");
  void kept.then(() => makeWish(then));
}

/** What an earlier visit left is taken up, and what was wished then is done now. */
async function takeUp({ form, touched, formFilled }: Page): Promise<void> {
  const { photos, filled } = await restore(form, touched);
  remember(photos);
  formFilled();
  if (filled) show();
  const before = await wishedBefore();
  document.documentElement.classList.add("kept"); // from here on nothing is lost with the page
  if (!before) return;
  goTo("check");
  void makeWish(before.then);
}

async function looked(listening: boolean): Promise<void> {
  await kept;
  await tryWish(listening);
  await note(remembered());
  if (listening) await tell();
}

/** A no to what was sent; everything is still there. */
function refused(sentence: string): void {
  const place = document.querySelector<HTMLElement>("[data-refusal]");
  place?.querySelector("span")?.replaceChildren(sentence);
  if (place) place.hidden = sentence === "";
  if (sentence) window.scrollTo(0, 0);
}
