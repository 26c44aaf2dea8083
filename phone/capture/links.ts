// Which links this phone was given, so that the page of one return leads to the others: no link opens another's page,
// but who holds both need not look for the second. Only a session's id is compared; the links stay here.
import { base, now, session } from "./server.ts";

const NAME = "recoup-links";
const MOST = 20;
const KEPT = 90 * 24 * 3600 * 1000; // milliseconds

type Held = Record<string, { link: string; at: number }>;

function held(): Held {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}") as Held;
  } catch {
    return {}; // no store here, or somebody else's words in it
  }
}

export function remember(): void {
  if (!session) return;
  const all = Object.entries({ ...held(), [session]: { link: base, at: now() } });
  const young = all.filter(([, { at }]) => now() - at < KEPT).sort(([, a], [, b]) => b.at - a.at);
  try {
    localStorage.setItem(NAME, JSON.stringify(Object.fromEntries(young.slice(0, MOST))));
  } catch {
    // Then the mails lead there.
  }
}

/** Each return of the same order that this phone has the link of becomes a way there. */
export function showWays(): void {
  const known = held();
  document.querySelectorAll<HTMLElement>("[data-sessions]").forEach((each) => {
    const mine = each.dataset["sessions"]!.split(" ").map((id) => known[id]?.link).find(Boolean);
    const way = each.querySelector<HTMLAnchorElement>("a");
    if (!mine || !way) return;
    way.href = `${mine}status`;
    way.hidden = false;
    each.querySelector<HTMLElement>("[data-by-mail]")!.hidden = true;
  });
}
