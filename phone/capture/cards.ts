// A photo as a card: its picture, what is to be said of it, and what can be done with it.

export interface Card {
  id: string;
  picture: string;
  tone: "waits" | "settled" | "stops";
  words: string;
  acts: string[];
  /** How much of it is sent, 0 to 1; null when there is nothing to wait for. */
  share: number | null;
}

/** In the place of a picture that is not made yet, or that this browser cannot show (many cannot show HEIC). */
const BLANK = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-24 -24 72 72" fill="none" stroke="#7c8886" stroke-width="1.5">' +
    '<rect x="3" y="3" width="18" height="18" rx="2"/><circle cx="9" cy="9" r="2"/><path d="m21 15-3-3L6 21"/></svg>',
)}`;

/** A sentence of the template, by its name there. */
export function say(key: string): string {
  return document.querySelector<HTMLElement>("[data-say]")?.dataset[key] ?? "";
}

/** Lay out these cards. One that is there already is kept and changed: a finger or the focus may be on it. */
export function lay(list: HTMLElement, cards: Card[]): void {
  const there = new Map([...list.children].map((item) => [(item as HTMLElement).dataset["photo"], item as HTMLElement]));
  const wanted = cards.map((card) => dress(there.get(card.id) ?? blank(card.id), card));
  [...list.children].filter((item) => !wanted.includes(item as HTMLElement)).forEach((item) => item.remove());
  wanted.forEach((item, at) => list.children[at] !== item && list.insertBefore(item, list.children[at] ?? null));
}

function blank(id: string): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>("#photo-card");
  const made = template!.content.firstElementChild!.cloneNode(true) as HTMLElement;
  made.dataset["photo"] = id;
  return made;
}

function dress(item: HTMLElement, card: Card): HTMLElement {
  item.classList.remove("waits", "settled", "stops");
  item.classList.add(card.tone);
  const image = item.querySelector("img")!;
  const picture = card.picture || BLANK;
  if (image.getAttribute("src") !== picture) image.src = picture;
  const words = item.querySelector("[data-words]")!;
  if (words.textContent !== card.words) words.textContent = card.words;
  const bar = item.querySelector("progress")!;
  bar.hidden = card.share === null;
  bar.value = card.share ?? 0;
  item.querySelectorAll<HTMLElement>("[data-photo-act]").forEach((button) => {
    button.hidden = !card.acts.includes(button.dataset["photoAct"] ?? "");
  });
  return item;
}
