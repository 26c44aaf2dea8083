// The photo steps: pick or take, watch it go, read the verdict, keep or retake.
import { stayAwake } from "./awake.ts";
import { type Card, lay, say } from "./cards.ts";
import { LABEL } from "./label/seat.ts";
import { tellLine } from "./line.ts";
import { add, again, begin, drop, inDanger, type Local, local, settle } from "./sending.ts";
import { photos, type PhotoState, post, reachable } from "./server.ts";

let known: PhotoState[] = [];
let timer = 0;
let before: PhotoState[] = [];
let recalled = false;
let changed: () => void = () => undefined;
let looked: (listening: boolean) => void = () => undefined;

/** `onLook` hears after each look at the server whether it answered. */
export function watch(onChange: () => void, onLook: (listening: boolean) => void): void {
  [changed, looked] = [onChange, onLook];
  document.addEventListener("click", (event) => void pressed(event));
  window.addEventListener("online", () => void look());
  window.addEventListener("offline", () => void look());
  window.addEventListener("beforeunload", (event) => {
    if (inDanger()) event.preventDefault();
  });
  void begin(draw, () => void look()).finally(() => {
    recalled = true;
    void look();
  });
  void look();
}

/** What an earlier visit knew, until the server says more; its pictures need no line to be shown. */
export function remember(photos: PhotoState[]): void {
  before = photos;
  if (known.length === 0) known = photos;
  draw();
}

/** The same, for the next visit. */
export function remembered(): PhotoState[] {
  const seen = (client: string) => before.find((photo) => photo.client === client)?.thumb;
  before = known.map((photo) => ({ ...photo, thumb: local.get(photo.client)?.picture || seen(photo.client) || null }));
  return before;
}

/** Every required shot has a photo that is here or on its way. */
export function shown(shot: string): boolean {
  const here = known.some((photo) => photo.shot === shot && !photo.replaced && photo.state !== "unreadable");
  return here || [...local.values()].some((photo) => photo.shot === shot && photo.stage !== "failed");
}

/** How many photos the server has, of how many that there are. */
export function arrivals(): { sent: number; of: number } {
  const there = known.filter((photo) => !photo.replaced).length;
  const here = [...local.keys()].filter((id) => !known.some((photo) => photo.client === id)).length;
  return { sent: there, of: there + here };
}

/** Nothing is on its way any more, and nothing that an earlier visit left is unknown. */
export function allThere(): boolean {
  return recalled && unfinished() === 0;
}

/** How many cannot be sent, and wait for what the customer says to that. */
export function failed(): number {
  return [...local.values()].filter((photo) => photo.stage === "failed").length;
}

export function unfinished(): number {
  return [...local.values()].filter((photo) => photo.stage !== "arrived" && photo.stage !== "failed").length;
}

export function take(shot: string, file: File): void {
  add(shot, file);
  if (shot === LABEL) void import("./label/look.ts").then(({ lookAt }) => lookAt(file)).catch(() => undefined);
}

async function pressed(event: Event): Promise<void> {
  const button = (event.target as Element).closest<HTMLElement>("[data-photo-act]");
  if (!button) return;
  event.preventDefault();
  const id = button.closest<HTMLElement>("[data-photo]")?.dataset["photo"] ?? "";
  const photo = local.get(id);
  const act = button.dataset["photoAct"];
  if (act === "again" && photo) again(photo);
  if (act === "drop" && photo) drop(photo);
  if (act === "anyway") await post("send-anyway", new URLSearchParams({ photo: id })).catch(() => undefined);
  if (act === "retake") retake(known.find((each) => each.client === id)?.shot ?? "");
  draw();
  void look();
}

function retake(shot: string): void {
  document.querySelector<HTMLInputElement>(`input[capture][data-shot="${CSS.escape(shot)}"]`)?.click();
}

/** Ask what the server thinks: soon while it is looking at a photo, slowly otherwise. */
async function look(): Promise<void> {
  window.clearTimeout(timer);
  let open = false;
  try {
    known = await photos();
    open = known.some((photo) => photo.state === "arrived");
    settle(known);
  } catch {
    // A bad line: what is shown stays, and we ask again.
  }
  draw();
  looked(reachable);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void look(), open ? 700 : 5000);
}

/** The photos of the step that is on the screen: those of its shot, or on the last step all of them once more. */
export function draw(): void {
  const lists = [...document.querySelectorAll<HTMLElement>("[data-photos]")];
  const shots = lists.map((list) => list.dataset["photos"] ?? "").filter(Boolean);
  lists.forEach((list) => {
    const step = list.closest<HTMLElement>("[data-step]")!;
    const shot = list.dataset["photos"];
    lay(list, step.hidden ? [] : shot ? cards(shot) : shots.flatMap(cards));
    step.classList.toggle("has-photo", !!shot && shown(shot));
  });
  stayAwake([...local.values()].some((photo) => photo.stage === "going"));
  tellLine(local, known);
  changed();
}

function cards(shot: string): Card[] {
  const mine = [...local.values()].filter((photo) => photo.shot === shot && !known.some((k) => k.client === photo.id));
  const theirs = known.filter((photo) => photo.shot === shot && !photo.replaced);
  return [...theirs.map(judged), ...mine.map(going)];
}

function judged(photo: PhotoState): Card {
  const card = { id: photo.client, picture: local.get(photo.client)?.picture || photo.thumb || "", share: null };
  if (photo.state === "arrived") return { ...card, tone: "waits", words: say("sayLooking"), acts: [] };
  if (photo.state === "accepted" || photo.sent_anyway) {
    return { ...card, tone: "settled", words: photo.sentence || say("sayGood"), acts: ["retake"] };
  }
  return { ...card, tone: "stops", words: photo.sentence, acts: photo.may_send_anyway ? ["retake", "anyway"] : ["retake"] };
}

function going(photo: Local): Card {
  const card = { id: photo.id, picture: photo.picture, share: null };
  if (photo.stage === "arrived") return { ...card, tone: "waits", words: say("sayLooking"), acts: [] };
  if (photo.stage === "failed") {
    return { ...card, tone: "stops", words: photo.sentence, acts: photo.final ? ["drop"] : ["again", "drop"] };
  }
  if (photo.stage === "waiting") return { ...card, tone: "waits", words: photo.sentence, acts: ["again", "drop"] };
  return { ...card, tone: "waits", words: say("saySending"), share: photo.share, acts: ["drop"] };
}
