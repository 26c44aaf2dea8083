// What the server says now takes the place of what it said before. What is still there stays the same element, with its
// focus, its open fold and its half-typed words; [data-key] says which is which.
import { asHere } from "./times.ts";

/** Brings the place to the new markup; gives back what a reader should be told: the [data-said] whose words are new. */
export function adopt(place: HTMLElement, markup: string): string[] {
  const fresh = document.createElement("template");
  fresh.innerHTML = markup;
  asHere(fresh.content);
  const before = new Set(said(place));
  children(place, fresh.content);
  return said(place).filter((words) => !before.has(words));
}

function said(place: HTMLElement): string[] {
  return [...place.querySelectorAll<HTMLElement>("[data-said]")].map((each) => each.innerText.replace(/\s+/g, " ").trim());
}

function children(old: Node, fresh: Node): void {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(key));
  [...old.childNodes].filter((child) => key(child) && !keys.has(key(child))).forEach((child) => child.remove());
  const keyed = new Map([...old.childNodes].map((child) => [key(child), child]));
  let at = old.firstChild;
  for (const child of wanted) {
    const kept = key(child) ? keyed.get(key(child)) : at && alike(at, child) ? at : undefined;
    // A kept element is not moved if what is in its way can go: moving would take the focus from it.
    while (kept && at && at !== kept && !key(at)) at = dropped(at);
    if (kept !== at || !kept) old.insertBefore(kept ?? child, at);
    else at = at.nextSibling;
    if (kept) same(kept, child);
  }
  while (at) at = dropped(at);
}

function key(node: Node): string {
  return node instanceof HTMLElement ? (node.dataset["key"] ?? "") : "";
}

function alike(old: Node, fresh: Node): boolean {
  return old.nodeName === fresh.nodeName && !key(old);
}

function dropped(node: ChildNode): ChildNode | null {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function same(old: Node, fresh: Node): void {
  if (!(old instanceof Element) || !(fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  const theirs = old instanceof HTMLDetailsElement ? "open" : "";
  [...old.attributes].filter(({ name }) => name !== theirs && !fresh.hasAttribute(name)).forEach(({ name }) => old.removeAttribute(name));
  [...fresh.attributes].filter(({ name, value }) => old.getAttribute(name) !== value).forEach(({ name, value }) => old.setAttribute(name, value));
  if (!(old instanceof HTMLTextAreaElement)) children(old, fresh);
}
