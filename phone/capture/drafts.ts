// What was chosen and typed on a link, kept on the phone, what is known of its photos, and whether it is to be sent. Each
// is written in one go, so that a tab that is closed in the next moment has kept it; and by itself, because another tab
// may know more of the rest.
import { KEPT_FOR } from "./kept.ts";
import type { PhotoState } from "./server.ts";
import { read, writing } from "./store.ts";

/** What a form says, by the names of its fields. */
export type Fields = Record<string, string>;

export interface Draft {
  session: string;
  fields: Fields;
  /** What the server said that it has of them, and when, by its own clock. */
  there: Fields;
  at: number;
  when: number;
}

/** What the server last said of each photo, with the phone's own small picture of it. */
export interface Seen {
  session: string;
  photos: PhotoState[];
  when: number;
}

/** Send was pressed; or it is sent, and the other tabs shall know. `turn`: for what; more may be asked for later. `then`:
 *  what the customer wants to do next. */
export interface Wish {
  session: string;
  turn: string;
  then: string;
  state: "wished" | "sent";
  when: number;
}

type Kept = { drafts: Draft; seen: Seen; wishes: Wish };
type Part = keyof Kept;

/** In the place of a store that fails; it lives as long as the page. */
const memory = new Map<string, Kept[Part]>();

/** Whether what is kept would outlive this page. */
export function safe(): boolean {
  return memory.size === 0;
}

export async function find<P extends Part>(part: P, session: string): Promise<Kept[P] | undefined> {
  const kept = await read<Kept[P] | undefined>(part, (all) => all.get(session)).catch(() => undefined);
  return (memory.get(part + session) as Kept[P] | undefined) ?? kept;
}

export async function put<P extends Part>(part: P, what: Kept[P]): Promise<void> {
  await writing([part], "relaxed", (all) => {
    all!.put(what);
    all!.transaction.commit?.();
  }).then(
    () => memory.delete(part + what.session),
    () => memory.set(part + what.session, what),
  );
}

export async function forget(part: Part, session: string): Promise<void> {
  memory.delete(part + session);
  await writing([part], "strict", (all) => all!.delete(session)).catch(() => undefined);
}

/** Forget what other links left here long ago. */
export async function sweep(now: number, mine: string[]): Promise<void> {
  for (const part of ["drafts", "seen", "wishes"] as const) {
    const all = await read<Kept[Part][]>(part, (kept) => kept.getAll()).catch(() => []);
    const old = all.filter((each) => now - each.when > KEPT_FOR && !mine.includes(each.session));
    for (const { session } of old) await forget(part, session);
  }
}

/** What the form should say: of a page that is older than what the server has since taken, all that is kept; of a newer
 *  one, what the server does not have yet, for the rest may have been changed on another device. */
export function merged(page: Fields, renderedAt: number, kept: Draft): Fields {
  if (renderedAt <= kept.at) return { ...page, ...kept.fields };
  const news = Object.entries(kept.fields).filter(([name, value]) => value !== (kept.there[name] ?? ""));
  return { ...page, ...Object.fromEntries(news) };
}

export function same(some: Fields, others: Fields): boolean {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].every((name) => (some[name] ?? "") === (others[name] ?? ""));
}
