// The customer's page: item → what is wrong → the photos that this needs → a few words → send.
import { offerCamera } from "./camera/press.ts";
import { seatSerial } from "./label/seat.ts";
import { photos } from "./later.ts";
import { remember, showWays } from "./links.ts";
import { post } from "./server.ts";
import { goTo, walk } from "./steps.ts";
import { told } from "./told.ts";

const form = document.querySelector<HTMLFormElement>("form[data-capture]");

function chosen(name: string): string {
  return String(new FormData(form!).get(name) ?? "");
}

/** The sections on the way now: not which item it is where there is one only; the photo steps of the chosen defect. */
function way(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>("[data-step]:not([data-answered])")];
  const shots = (document.querySelector<HTMLInputElement>("[name=defect_type]:checked")?.dataset["shots"] ?? "").split(" ");
  return all.filter((step) => !step.dataset["shotStep"] || shots.includes(step.dataset["shotStep"]));
}

let saved = "";

async function save(): Promise<void> {
  const draft = new URLSearchParams(new FormData(form!) as unknown as Record<string, string>);
  if (draft.toString() === saved) return;
  saved = draft.toString();
  await post("draft", draft).catch(() => (saved = ""));
}

/** A shot is told and required as the chosen defect says. */
function wanted(step: HTMLElement): boolean {
  return step.querySelector(`[data-for="${CSS.escape(chosen("defect_type"))}"][data-required]`) !== null;
}

/** What still lacks a photo, named, with a way back to its step. */
function missing(): void {
  const list = document.querySelector<HTMLElement>("[data-missing]");
  const { all } = photos;
  if (!list || !all) return;
  const lacks = way().filter((step) => step.dataset["shotStep"] && wanted(step) && !all.shown(step.dataset["shotStep"]));
  list.hidden = lacks.length === 0;
  const waits = document.querySelector<HTMLElement>("[data-sending]");
  if (waits) waits.hidden = all.unfinished() === 0;
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
  seatSerial();
  const defect = chosen("defect_type");
  document.querySelectorAll<HTMLElement>("[data-for]").forEach((words) => (words.hidden = words.dataset["for"] !== defect));
  const item = document.querySelector<HTMLInputElement>("[name=order_line_id]:checked");
  const quantity = form?.querySelector<HTMLInputElement>("[name=quantity]");
  if (!item || !quantity) return;
  const left = Number(item.dataset["left"] ?? "1");
  quantity.max = String(Math.max(left, 1));
  quantity.closest<HTMLElement>(".field")!.hidden = left < 2;
  const serial = document.querySelector<HTMLElement>("[data-serial-field]");
  if (serial) serial.hidden = !item.dataset["serial"];
}

if (form) {
  const take = (shot: string, file: File) => void photos.coming.then((all) => all.take(shot, file));
  void photos.coming.then((all) => {
    all.watch(() => {
      missing();
      if (all.arrivals().of > 0) told("photo", all.arrivals());
    });
    all.draw();
  });
  offerCamera(take);
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    const shot = input.dataset["shot"];
    if (!shot || input.type !== "file") return;
    [...(input.files ?? [])].forEach((file) => take(shot, file));
    input.value = "";
  });
  form.addEventListener("change", () => {
    limits();
    void save();
  });
  form.addEventListener("submit", (event) => {
    if (!photos.all?.unfinished()) return;
    event.preventDefault();
    goTo("check");
  });
  limits();
  walk(way, (step) => {
    photos.all?.draw();
    if (step.dataset["step"] === "check") review();
    void save();
  });
}
remember();
showWays();
// What becomes of it is a page of its own: nobody waits for its script before the camera.
if (document.querySelector("[data-status]")) void import("./status.ts").then(({ follow }) => follow());
