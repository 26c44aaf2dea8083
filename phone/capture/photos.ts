// The photo steps: pick or take, watch it go, read the verdict, keep or retake.
import { post, photos, type PhotoState } from "./server.ts";
import { send, type Told } from "./queue.ts";

interface Local {
  id: string;
  shot: string;
  picture: string;
  share: number;
  sentence: string;
  kept: boolean;
  failed: boolean;
  final: boolean;
  file: File;
  drop: () => void;
}

const local = new Map<string, Local>();
let known: PhotoState[] = [];
let timer = 0;
let changed: () => void = () => undefined;

export function watch(onChange: () => void): void {
  changed = onChange;
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    const shot = input.dataset["shot"];
    if (!shot || input.type !== "file") return;
    [...(input.files ?? [])].forEach((file) => take(shot, file));
    input.value = "";
  });
  document.addEventListener("click", (event) => void pressed(event));
  // The line is back: what had failed for want of one goes on by itself.
  window.addEventListener("online", () => [...local.values()].filter((photo) => photo.failed && !photo.final).forEach(start));
  window.addEventListener("beforeunload", (event) => {
    if ([...local.values()].some((photo) => !photo.kept && !photo.failed)) event.preventDefault();
  });
  void look();
}

/** Every required shot has a photo that is here or on its way. */
export function shown(shot: string): boolean {
  const here = known.some((photo) => photo.shot === shot && !photo.replaced && photo.state !== "unreadable");
  return here || [...local.values()].some((photo) => photo.shot === shot && !photo.failed);
}

/** How many photos the server has, of how many that there are. */
export function arrivals(): { sent: number; of: number } {
  const there = known.filter((photo) => !photo.replaced).length;
  const here = [...local.keys()].filter((id) => !known.some((photo) => photo.client === id)).length;
  return { sent: there, of: there + here };
}

export function unfinished(): number {
  return [...local.values()].filter((photo) => !photo.kept && !photo.failed).length;
}

function take(shot: string, file: File): void {
  const id = crypto.randomUUID?.() ?? fallbackId();
  const photo: Local = {
    id, shot, file, picture: URL.createObjectURL(file), share: 0, sentence: "", kept: false, failed: false, final: false,
    drop: () => undefined,
  };
  local.set(id, photo);
  start(photo);
}

/** `randomUUID` exists on secure pages only; a shop's test server may not be one. */
function fallbackId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function start(photo: Local): void {
  Object.assign(photo, { failed: false, sentence: "", share: 0 });
  photo.drop = send(photo, (told) => hear(photo, told));
  draw();
}

function hear(photo: Local, told: Told): void {
  if (told.kind === "progress") photo.share = told.share;
  if (told.kind === "kept") photo.kept = true;
  if (told.kind === "failed") Object.assign(photo, { failed: true, sentence: told.sentence, final: told.final });
  draw();
  if (told.kind === "kept") void look();
}

async function pressed(event: Event): Promise<void> {
  const button = (event.target as Element).closest<HTMLElement>("[data-photo-act]");
  if (!button) return;
  event.preventDefault();
  const id = button.closest<HTMLElement>("[data-photo]")?.dataset["photo"] ?? "";
  const photo = local.get(id);
  const act = button.dataset["photoAct"];
  if (act === "again" && photo) start(photo);
  if (act === "drop" && photo) {
    photo.drop();
    local.delete(id);
  }
  if (act === "anyway") await post("send-anyway", new URLSearchParams({ photo: id }));
  if (act === "retake") retake(known.find((each) => each.client === id)?.shot ?? "");
  draw();
  void look();
}

function retake(shot: string): void {
  document.querySelector<HTMLInputElement>(`input[capture][data-shot="${CSS.escape(shot)}"]`)?.click();
}

/** Ask what the server thinks: soon while something is open, slowly otherwise. */
async function look(): Promise<void> {
  window.clearTimeout(timer);
  try {
    known = await photos();
    draw();
  } catch {
    // A bad line: what is shown stays, and we ask again.
  }
  const open = known.some((photo) => photo.state === "arrived") || unfinished() > 0;
  timer = window.setTimeout(() => void look(), open ? 700 : 5000);
}

/** The photos of the step that is on the screen: those of its shot, or on the last step all of them once more. */
export function draw(): void {
  const lists = [...document.querySelectorAll<HTMLElement>("[data-photos]")];
  const shots = lists.map((list) => list.dataset["photos"] ?? "").filter(Boolean);
  lists.forEach((list) => {
    const step = list.closest<HTMLElement>("[data-step]")!;
    const shot = list.dataset["photos"];
    list.replaceChildren(...(step.hidden ? [] : shot ? cards(shot) : shots.flatMap(cards)));
    step.classList.toggle("has-photo", !!shot && shown(shot));
  });
  changed();
}

function cards(shot: string): HTMLElement[] {
  const mine = [...local.values()].filter((photo) => photo.shot === shot && !known.some((k) => k.client === photo.id));
  const theirs = known.filter((photo) => photo.shot === shot && !photo.replaced);
  return [...theirs.map(judged), ...mine.map(going)];
}

function card(id: string, picture: string, tone: string, words: string): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>("#photo-card");
  const made = template!.content.firstElementChild!.cloneNode(true) as HTMLElement;
  made.dataset["photo"] = id;
  made.classList.add(tone);
  const image = made.querySelector("img")!;
  if (picture) image.src = picture;
  made.querySelector("[data-words]")!.textContent = words;
  return made;
}

function offer(made: HTMLElement, ...acts: string[]): HTMLElement {
  made.querySelectorAll<HTMLElement>("[data-photo-act]").forEach((button) => {
    button.hidden = !acts.includes(button.dataset["photoAct"] ?? "");
  });
  return made;
}

function say(key: string): string {
  return document.querySelector<HTMLElement>("[data-say]")?.dataset[key] ?? "";
}

function judged(photo: PhotoState): HTMLElement {
  const picture = local.get(photo.client)?.picture ?? photo.thumb ?? "";
  if (photo.state === "arrived") return offer(card(photo.client, picture, "waits", say("sayLooking")));
  if (photo.state === "accepted" || photo.sent_anyway) {
    return offer(card(photo.client, picture, "settled", photo.sentence || say("sayGood")), "retake");
  }
  const acts = photo.may_send_anyway ? ["retake", "anyway"] : ["retake"];
  return offer(card(photo.client, picture, "stops", photo.sentence), ...acts);
}

function going(photo: Local): HTMLElement {
  if (photo.failed) {
    return offer(card(photo.id, photo.picture, "stops", photo.sentence), ...(photo.final ? ["drop"] : ["again", "drop"]));
  }
  const made = card(photo.id, photo.picture, "waits", photo.kept ? say("sayLooking") : say("saySending"));
  const bar = made.querySelector("progress")!;
  bar.hidden = photo.kept;
  bar.value = photo.share;
  return offer(made, ...(photo.kept ? [] : ["drop"]));
}
