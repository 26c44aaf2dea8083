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
  if (card.picture && image.getAttribute("src") !== card.picture) image.src = card.picture;
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
