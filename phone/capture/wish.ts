// Send was pressed: from then on the return is sent by itself, once, when all photos are there and somebody answers;
// after a reload too, and by whichever tab comes first.
import { done, settle } from "./drafting.ts";
import { find, forget, put, type Wish as Kept } from "./drafts.ts";
import { forgetPage } from "./offline.ts";
import { base, now, post, reachable, session, turn } from "./server.ts";
import { told } from "./told.ts";

interface Duty {
  /** Whether every photo is with the server, or will never be. */
  allThere: () => boolean;
  /** How many photos cannot be sent. */
  failed: () => number;
  changed: () => void;
  /** The customer reads a no. */
  refused: (sentence: string) => void;
}

/** What a page says about it: nothing, that it waits for photos, or that nothing gets through. */
export type Wish = "" | "going" | "stuck";

const SOON = 1000;
const LONGEST_WAIT = 60_000;
/** The server is in trouble or busy, and may do it later. */
const LATER = [408, 423, 425, 429];
let duty: Duty;
let wished = false;
let stuck = false;
let pressed = 0;
let busy = false;
let due = false;
let tries = 0;
/** Without these the customer wanted to send. */
let given = 0;
let notBefore = 0;
/** It is sent, and this page goes on to the next. */
let leaving = false;

export function beginWishes(mine: Duty): void {
  duty = mine;
}

/** What is to be said of it: of what takes less than a second, nothing. */
export function wish(): Wish {
  if (!wished) return "";
  return stuck ? "stuck" : performance.now() - pressed >= SOON || !duty.allThere() ? "going" : "";
}

/** On an earlier visit Send was pressed, and it is not sent yet. */
export async function wishedBefore(): Promise<Kept | undefined> {
  const kept = await own();
  return kept?.state === "wished" ? kept : undefined;
}

async function own(): Promise<Kept | undefined> {
  const kept = await find("wishes", session);
  return kept?.turn === turn ? kept : undefined;
}

/** Send was pressed; `then` says what the customer wants to do next. */
export async function makeWish(then: string): Promise<void> {
  [wished, stuck, tries, notBefore, pressed, given] = [true, !reachable, 0, 0, performance.now(), duty.failed()];
  window.setTimeout(duty.changed, SOON);
  await settle();
  await put("wishes", { session, turn, then, state: "wished", when: now() });
  duty.changed();
  await tryWish();
}

/** The customer goes back to change something. */
export function dropWish(): void {
  if (!wished) return;
  wished = false;
  void forget("wishes", session);
  duty.changed();
}

/** Send it, when it is wished and can be; on another tab it may have been wished, taken back, or sent. `listening`: whether
 *  the server has just answered something else, where that is known. */
export async function tryWish(listening?: boolean): Promise<void> {
  if (leaving) return;
  if (busy) return void (due = true);
  busy = true;
  const said = (await own())?.state;
  // The link's page says what becomes of it.
  if (said === "sent") return location.assign(base);
  wished = said === "wished";
  // A photo that cannot be sent after all is for the customer to decide about.
  if (duty.failed() > given) dropWish();
  if (wished && performance.now() >= notBefore) {
    stuck = listening === undefined ? stuck : !listening;
    if (listening !== false && duty.allThere()) await alone(deliver);
  }
  busy = false;
  duty.changed();
  // What was pressed meanwhile.
  if (due) return again();
}

function again(): Promise<void> {
  due = false;
  return tryWish();
}

async function deliver(): Promise<void> {
  const wish = await wishedBefore();
  if (!wish) return;
  const fields = (await find("drafts", session))?.fields ?? (await settle());
  const answer = await post("send", new URLSearchParams({ ...fields, then: wish.then })).catch(() => undefined);
  const said = (await answer?.json().catch(() => ({}))) as { next?: string; code?: string; sentence?: string } | undefined;
  if (answer?.ok && said?.next) return sent(said.next);
  const later = !answer || answer.ok || answer.status >= 500 || LATER.includes(answer.status);
  if (later) return wait(answer !== undefined);
  dropWish();
  // The link is over: its page says so, and where to go from there.
  if ([404, 410].includes(answer.status)) return location.assign(base);
  duty.refused(said?.sentence ?? "");
  told("refused", { code: said?.code ?? "" });
}

async function sent(next: string): Promise<void> {
  [wished, leaving] = [false, true];
  // Of it nothing stays on the phone but that it is sent, for the tabs that still show the form.
  await put("wishes", { session, turn, then: "", state: "sent", when: now() });
  await Promise.all([done(), forgetPage()]);
  document.dispatchEvent(new Event("recoup-sending"));
  location.assign(next);
}

/** Nobody answered: whenever somebody does, it is tried again. A server in trouble is left in peace for ever longer. */
function wait(answered: boolean): void {
  stuck = true;
  tries += 1;
  if (answered) notBefore = performance.now() + Math.min(LONGEST_WAIT, 2000 * 2 ** tries);
}

/** Of two tabs one sends; the server makes one return of two messages all the same. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work();
  const lock = (held: Lock | null): Promise<void> => (held ? work() : Promise.resolve());
  await navigator.locks.request(`recoup send ${session}`, { ifAvailable: true }, lock).catch(work);
}
