// The customer's page: item → what is wrong → the photos that this needs → a few words → send.
import { offerCamera } from "./camera/press.ts";
import { done, keep, note, restore, tell } from "./drafting.ts";
import { workOffline } from "./offline.ts";
import { allThere, arrivals, draw, failed, remember, remembered, shown, take, unfinished, watch } from "./photos.ts";
import { follow } from "./status.ts";
import { current, goOn, goTo, show, walk } from "./steps.ts";
import { told } from "./told.ts";
import { beginWishes, dropWish, makeWish, tryWish, wishedBefore } from "./wish.ts";

const form = document.querySelector<HTMLFormElement>("form[data-capture]");

function chosen(name: string): string {
  return String(new FormData(form!).get(name) ?? "");
}

/** The sections on the way now: the photo steps are those of the chosen defect. */
function way(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>("[data-step]")];
  const shots = (document.querySelector<HTMLInputElement>("[name=defect_type]:checked")?.dataset["shots"] ?? "").split(" ");
  return all.filter((step) => !step.dataset["shotStep"] || shots.includes(step.dataset["shotStep"]));
}

/** A shot is told and required as the chosen defect says. */
function wanted(step: HTMLElement): boolean {
  return step.querySelector(`[data-for="${CSS.escape(chosen("defect_type"))}"][data-required]`) !== null;
}

/** What still lacks a photo, named, with a way back to its step. */
function missing(): void {
  const list = document.querySelector<HTMLElement>("[data-missing]");
  if (!list) return;
  const lacks = way().filter((step) => step.dataset["shotStep"] && wanted(step) && !shown(step.dataset["shotStep"]));
  list.hidden = lacks.length === 0;
  const waits = document.querySelector<HTMLElement>("[data-sending]");
  if (waits) waits.hidden = unfinished() === 0;
  // The same links are left alone: one of them may have the focus.
  const names = lacks.map((step) => step.dataset["step"]).join(" ");
  if (list.dataset["missing"] === names) return;
  list.dataset["missing"] = names;
  list.querySelector("ul")?.replaceChildren(
    ...lacks.map((step) => {
      const link = Object.assign(document.createElement("a"), {
        href: `#${step.dataset["step"]}`,
        textContent: step.querySelector("h1")?.textContent ?? "",
      });
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}

/** What was chosen and typed, once more at a glance; the photos beside it draw themselves. */
function review(): void {
  const box = document.querySelector<HTMLElement>("[data-review]");
  if (!box) return;
  const picked = (name: string) =>
    document.querySelector(`[name=${name}]:checked`)?.closest("label")?.querySelector("b")?.textContent ?? "";
  const count = Number(chosen("quantity") || "1");
  const say = (place: string, words: string) => (box.querySelector(`[data-review-${place}]`)!.textContent = words);
  say("item", (count > 1 ? `${count} × ` : "") + (picked("order_line_id") || chosen("order_number")));
  say("wrong", picked("defect_type"));
  say("words", chosen("words"));
  say("serial", chosen("serial"));
  box.querySelector("[data-review-serial]")!.closest("p")!.hidden = chosen("serial") === "";
}

function limits(): void {
  const defect = chosen("defect_type");
  document.querySelectorAll<HTMLElement>("[data-for]").forEach((words) => (words.hidden = words.dataset["for"] !== defect));
  const item = document.querySelector<HTMLInputElement>("[name=order_line_id]:checked");
  const quantity = form?.querySelector<HTMLInputElement>("[name=quantity]");
  if (!item || !quantity) return;
  const left = Number(item.dataset["left"] ?? "1");
  quantity.max = String(Math.max(left, 1));
  quantity.closest<HTMLElement>(".field")!.hidden = left < 2;
  const serial = document.querySelector<HTMLElement>("[data-serial-field]");
  if (serial) serial.hidden = item.dataset["serial"] !== "yes";
}

/** A no to what was sent; everything is still there. */
function refused(sentence: string): void {
  const place = document.querySelector<HTMLElement>("[data-refusal]");
  place?.querySelector("span")?.replaceChildren(sentence);
  if (place) place.hidden = sentence === "";
  if (sentence) window.scrollTo(0, 0);
}

function changed(): void {
  missing();
  if (arrivals().of > 0) told("photo", arrivals());
}

/** What an earlier visit left is taken up, and what was wished then is done now. */
async function takeUp(form: HTMLFormElement): Promise<void> {
  const { photos, filled } = await restore(form);
  remember(photos);
  limits();
  if (filled) show();
  if (!(await wishedBefore())) return;
  goTo("check");
  void makeWish();
}

/** Chosen or typed: on the phone now, and with the server as soon as it listens. */
async function save(): Promise<void> {
  await kept;
  await keep();
  await tell();
}

async function looked(listening: boolean): Promise<void> {
  await kept;
  await tryWish(listening);
  await note(remembered());
  if (listening) await tell();
}

/** A field that a step hides cannot say itself what it lacks. */
function reveal(): void {
  const step = form!.querySelector<HTMLElement>("[data-step]:has(:invalid)");
  if (step?.hidden) goTo(step.dataset["step"] ?? "");
}

/** Enter in a field presses the form's button too, on whatever step. */
function pressSend(event: Event): void {
  event.preventDefault();
  if (current()?.dataset["step"] !== "check") return goOn();
  refused("");
  void kept.then(makeWish);
}

let kept = Promise.resolve();

function begin(form: HTMLFormElement): void {
  beginWishes({ allThere, failed, changed: draw, refused });
  watch(changed, (listening) => void looked(listening));
  offerCamera(take);
  kept = takeUp(form);
  form.addEventListener("input", () => void kept.then(keep));
  form.addEventListener("change", () => {
    limits();
    void save();
  });
  form.addEventListener("invalid", reveal, true);
  form.addEventListener("submit", pressSend);
  limits();
  walk(way, (step) => {
    draw();
    if (step.dataset["step"] === "check") review();
    else dropWish();
    void save();
  });
}

if (form) begin(form);
else if (document.querySelector("[data-status]")) void done();
follow();
workOffline();
