// Whatever is chosen or typed is on the phone at once, with the server as soon as it listens, and in the form again
// after a reload, a closed tab, or under the next link of the same order.
import { change, type Draft, find, forget, merged, same, sweep } from "./drafts.ts";
import { earlier, now, type PhotoState, post, renderedAt, session } from "./server.ts";
import { fill, rendered, typed } from "./typed.ts";

let form: HTMLFormElement;
let draft: Draft;
let telling = false;
/** What the server would not take; it is not told again. */
let refused = "";

interface TakenUp {
  photos: PhotoState[];
  wish: boolean;
  /** The form says something else than it did. */
  filled: boolean;
}

/** Take up what was kept. */
export async function restore(of: HTMLFormElement): Promise<TakenUp> {
  form = of;
  const page = rendered(form);
  draft = { session, fields: page, there: page, at: renderedAt, wish: false, photos: [], when: now() };
  const found = (await find(session)) ?? (await inherited());
  if (!found) return { photos: [], wish: false, filled: false };
  const before = typed(form);
  fill(form, merged(page, renderedAt, found));
  const [there, at] = renderedAt <= found.at ? [found.there, found.at] : [page, renderedAt];
  draft = { ...found, fields: typed(form), there, at, when: now() };
  await change(session, { fields: draft.fields, there, at, when: draft.when }, draft);
  await sweep(now(), [session, ...earlier]);
  return { photos: draft.photos, wish: draft.wish, filled: !same(before, draft.fields) };
}

/** What an ended link of the same order could not send is this link's now; but nobody has pressed Send here yet. */
async function inherited(): Promise<Draft | undefined> {
  for (const ended of [...earlier].reverse()) {
    const found = await find(ended);
    if (!found) continue;
    await forget(ended);
    return { ...found, session, there: {}, at: 0, wish: false, photos: [] };
  }
  return undefined;
}

/** The form may have changed. */
export async function keep(): Promise<void> {
  const fields = typed(form);
  if (same(fields, draft.fields)) return;
  draft = { ...draft, fields, when: now() };
  await change(session, { fields, when: draft.when }, draft);
}

export function wish(wished: boolean): Promise<void> {
  draft = { ...draft, fields: typed(form), wish: wished, when: now() };
  const { fields, when } = draft;
  return wished ? change(session, { fields, when, wish: true }, draft) : change(session, { wish: false });
}

/** What is known of the photos, for a page that is opened again without a line. */
export async function note(photos: PhotoState[]): Promise<void> {
  if (JSON.stringify(photos) === JSON.stringify(draft.photos)) return;
  draft = { ...draft, photos };
  await change(session, { photos });
}

/** Tell the server what it does not have yet, one message after the other. */
export async function tell(): Promise<void> {
  const fields = draft.fields;
  const said = new URLSearchParams(fields).toString();
  if (telling || same(fields, draft.there) || said === refused) return;
  telling = true;
  const answer = await post("draft", new URLSearchParams(fields)).catch(() => undefined);
  telling = false;
  if (answer && answer.status >= 400 && answer.status < 500) refused = said;
  if (!answer?.ok) return;
  const at = Date.parse(answer.headers.get("Date") ?? "") || draft.at;
  draft = { ...draft, there: fields, at };
  await change(session, { there: fields, at });
  // What was changed meanwhile.
  return tell();
}

/** It is sent, or there is nothing more to send. */
export function done(): Promise<void> {
  return forget(session);
}
