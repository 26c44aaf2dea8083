// What was chosen and typed on this link, kept on the phone: what the form says now, what of it the server has, and
// whether it is to be sent.
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
  /** Send was pressed, and it is not sent yet. */
  wish: boolean;
  /** What the server last said of each photo, with the phone's own small picture of it. */
  photos: PhotoState[];
  when: number;
}

/** In the place of a store that fails; it lives as long as the page. */
const memory = new Map<string, Draft>();

/** Whether what is kept would outlive this page. */
export function safe(): boolean {
  return memory.size === 0;
}

export async function find(session: string): Promise<Draft | undefined> {
  const kept = await read<Draft | undefined>("drafts", (all) => all.get(session)).catch(() => undefined);
  return memory.get(session) ?? kept;
}

/** Only this part, for another tab may have changed the rest; of a draft that is kept, or else of `otherwise`. */
export async function change(session: string, part: Partial<Draft>, otherwise?: Draft): Promise<void> {
  const held = memory.get(session);
  if (held) return void memory.set(session, { ...held, ...part });
  await writing(["drafts"], "relaxed", (all) => {
    const asked = all!.get(session) as IDBRequest<Draft | undefined>;
    asked.onsuccess = () => {
      const whole = asked.result ?? otherwise;
      if (whole) all!.put({ ...whole, ...part });
    };
  }).catch(() => otherwise && memory.set(session, { ...otherwise, ...part }));
}

export async function forget(session: string): Promise<void> {
  memory.delete(session);
  await writing(["drafts"], "strict", (all) => all!.delete(session)).catch(() => undefined);
}

/** Forget what other links left here long ago. */
export async function sweep(now: number, mine: string[]): Promise<void> {
  const all = await read<Draft[]>("drafts", (drafts) => drafts.getAll()).catch(() => []);
  const old = all.filter((draft) => now - draft.when > KEPT_FOR && !mine.includes(draft.session));
  for (const draft of old) await forget(draft.session);
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
