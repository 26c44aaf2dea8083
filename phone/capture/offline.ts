// The worker that shows this page when there is no line (phone/worker.ts), and what is kept for it.
import { base } from "./server.ts";

/** After the page is there and its first camera frame need not share the line. */
const LATER = 1500;

/** Not in a shop's page: without a line that page would be missing too. Where there are no workers, it goes without. */
export function workOffline(): void {
  const address = document.querySelector<HTMLElement>("[data-worker]")?.dataset["worker"];
  if (!address || window.parent !== window) return;
  const begin = (): void => void navigator.serviceWorker?.register(address).catch(() => undefined);
  const soon = (): void => void window.setTimeout(begin, LATER);
  if (document.readyState === "complete") soon();
  else window.addEventListener("load", soon);
}

/** This link's page is not shown again without asking the server. */
export async function forgetPage(): Promise<void> {
  const names = await window.caches?.keys().catch(() => []);
  for (const name of names ?? []) await (await caches.open(name)).delete(base);
}
