// Whatever is chosen or typed is on the phone at once, with the server as soon as it listens, and in the form again
// after a reload, a closed tab, or under the next link of the same order.
import { type Draft, type Fields, find, forget, merged, put, same, sweep } from "./drafts.ts";
import { earlier, now, type PhotoState, post, renderedAt, session } from "./server.ts";
import { fill, rendered, typed } from "./typed.ts";

interface TakenUp {
  photos: PhotoState[];
  /** The form says something else than it did. */
  filled: boolean;
}

let form: HTMLFormElement;
let draft: Draft;
let noted = "[]";
let telling = false;
/** What the server would not take; it is not told again. */
let refused = "";

/** Take up what was kept; what is in the `touched` fields was typed since. */
export async function restore(of: HTMLFormElement, touched: Set<string>): Promise<TakenUp> {
  form = of;
  const page = rendered(form);
  draft = { session, fields: page, there: page, at: renderedAt, when: now() };
  await sweep(now(), [session, ...earlier]);
  const photos = (await find("seen", session))?.photos ?? [];
  const found = (await find("drafts", session)) ?? (await inherited());
  if (!found) return { photos, filled: false };
  const before = typed(form);
  const meanwhile = Object.entries(before).filter(([name]) => touched.has(name));
  fill(form, { ...merged(page, renderedAt, found), ...Object.fromEntries(meanwhile) });
  const [there, at] = renderedAt <= found.at ? [found.there, found.at] : [page, renderedAt];
  await change({ ...found, fields: typed(form), there, at });
  return { photos, filled: !same(before, draft.fields) };
}

/** What an ended link of the same order could not send is this link's now; but nobody has pressed Send here yet. */
async function inherited(): Promise<Draft | undefined> {
  for (const ended of [...earlier].reverse()) {
    const found = await find("drafts", ended);
    if (!found) continue;
    await forget("drafts", ended);
    return { ...found, session, there: {}, at: 0 };
  }
  return undefined;
}

/** The form may have changed. */
export async function keep(): Promise<void> {
  const fields = typed(form);
  if (!same(fields, draft.fields)) await change({ fields });
}

/** What this page says is what shall be sent, by whichever tab. */
export async function settle(): Promise<Fields> {
  await change({ fields: typed(form) });
  return draft.fields;
}

/** It is sent, or there is nothing to fill in any more. */
export async function done(): Promise<void> {
  await Promise.all([forget("drafts", session), forget("seen", session)]);
}

/** What is known of the photos, for a page that is opened again without a line. */
export async function note(photos: PhotoState[]): Promise<void> {
  if (JSON.stringify(photos) === noted) return;
  noted = JSON.stringify(photos);
  await put("seen", { session, photos, when: now() });
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
  await change({ there: fields, at: Date.parse(answer.headers.get("Date") ?? "") || draft.at });
  // What was changed meanwhile.
  return tell();
}

async function change(part: Partial<Draft>): Promise<void> {
  draft = { ...draft, ...part, when: now() };
  await put("drafts", draft);
}
