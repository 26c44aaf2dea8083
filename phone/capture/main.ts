// The customer's page: item → what is wrong → the photos that this needs → a few words → send.
import { offerCamera } from "./camera/press.ts";
import { seatSerial } from "./label/seat.ts";
import { sitting } from "./later.ts";
import { remember, showWays } from "./links.ts";
import { workOffline } from "./offline.ts";
import { current, goOn, goTo, walk } from "./steps.ts";

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

/** A shot is told and required as the chosen defect says. */
function wanted(step: HTMLElement): boolean {
  return step.querySelector(`[data-for="${CSS.escape(chosen("defect_type"))}"][data-required]`) !== null;
}

/** What still lacks a photo, named, with a way back to its step. */
function missing(): void {
  const list = document.querySelector<HTMLElement>("[data-missing]");
  const { all } = sitting;
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

/** A field that a step hides cannot say itself what it lacks. */
function reveal(): void {
  const step = form!.querySelector<HTMLElement>("[data-step]:has(:invalid)");
  if (step?.hidden) goTo(step.dataset["step"] ?? "");
}

/** Enter in a field presses the form's button too, on whatever step. */
function pressSend(event: SubmitEvent): void {
  event.preventDefault();
  if (current()?.dataset["step"] !== "check") return goOn();
  const then = (event.submitter as HTMLButtonElement | null)?.value ?? "";
  void sitting.coming.then((all) => all.send(then));
}

function take(shot: string, file: File): void {
  void sitting.coming.then((all) => all.take(shot, file));
}

function takeFiles(event: Event): void {
  const input = event.target as HTMLInputElement;
  const shot = input.dataset["shot"];
  if (!shot || input.type !== "file") return;
  [...(input.files ?? [])].forEach((file) => take(shot, file));
  input.value = "";
}

function begin(form: HTMLFormElement): void {
  const touched = new Set<string>();
  void sitting.coming.then((all) => {
    all.begin({ form, touched, photosChanged: missing, formFilled: limits });
    void all.save();
  });
  offerCamera(take);
  document.addEventListener("change", takeFiles);
  form.addEventListener("input", (event) => {
    touched.add((event.target as HTMLInputElement).name);
    sitting.all?.typing();
  });
  form.addEventListener("change", () => {
    limits();
    void sitting.all?.save();
  });
  form.addEventListener("invalid", reveal, true);
  form.addEventListener("submit", pressSend);
  limits();
  walk(way, (step) => {
    sitting.all?.draw();
    if (step.dataset["step"] === "check") review();
    else sitting.all?.dropWish();
    void sitting.all?.save();
  });
}

if (form) begin(form);
remember();
showWays();
// What becomes of it is a page of its own: nobody waits for its script before the camera.
if (document.querySelector("[data-status]")) {
  void import("./status.ts").then(({ follow }) => follow());
  void import("./drafting.ts").then(({ done }) => done());
}
workOffline();
