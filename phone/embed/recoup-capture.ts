// <recoup-capture>: the customer's pages of a house within a shop's page. Shops load this one file, so it imports nothing.
// The guide to it is docs/guides/embed.md.
import type { Size, Told } from "./events.ts";

const EVENTS = ["ready", "step", "photo", "sent", "refused"];
const THEMES = ["light", "dark"];
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const LOOK = `:host { display: block }
iframe { display: block; width: 100%; height: 480px; border: 0; color-scheme: normal }
iframe.whole { position: fixed; inset: 0; height: 100dvh !important; z-index: 2147483647 }`;

function parsed(text: string, base: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

class RecoupCapture extends HTMLElement {
  static observedAttributes = ["house", "link", "order", "language", "theme"];
  #shadow = this.attachShadow({ mode: "open" });
  #frame: HTMLIFrameElement | undefined;
  #house = "";
  #opening = 0;

  connectedCallback(): void {
    const look = new CSSStyleSheet();
    look.replaceSync(LOOK);
    this.#shadow.adoptedStyleSheets = [look];
    window.addEventListener("message", this.#hear);
    void this.#open();
  }

  disconnectedCallback(): void {
    window.removeEventListener("message", this.#hear);
    this.#opening += 1;
    this.#shadow.replaceChildren();
  }

  attributeChangedCallback(_: string, was: string | null, is: string | null): void {
    if (this.isConnected && was !== is) void this.#open();
  }

  /** Ask whether the house lets this page show its own; only then is there a frame. */
  async #open(): Promise<void> {
    this.#frame = undefined;
    const opening = (this.#opening += 1);
    // Several attributes that change at once open it once.
    await Promise.resolve();
    if (opening !== this.#opening) return;
    const page = this.#page();
    if (!page) return this.#stepBack();
    const welcome = await fetch(new URL("/embed/welcome", page), { credentials: "omit" }).catch(() => undefined);
    if (opening !== this.#opening) return;
    if (welcome?.ok) this.#show(this.#within(page));
    else this.#stepBack(page);
  }

  #said(name: string): string {
    return this.getAttribute(name)?.trim() ?? "";
  }

  /** A customer's link, or the front door of the house. */
  #page(): URL | undefined {
    const house = parsed(this.#said("house"), import.meta.url);
    const page = house && parsed(this.#said("link") || "/", house);
    if (!page?.protocol.startsWith("http")) return undefined;
    if (this.#said("order")) page.searchParams.set("order", this.#said("order"));
    return page;
  }

  /** The same page for a frame: under /embed, with the language and the theme that are asked for. */
  #within(page: URL): URL {
    const language = this.#said("language") || this.closest<HTMLElement>("[lang]")?.lang || "";
    const root = ["/embed", LANGUAGE.test(language) && language, THEMES.includes(this.#said("theme")) && this.#said("theme")];
    const within = new URL(page);
    within.pathname = root.filter(Boolean).join("/") + page.pathname;
    return within;
  }

  #show(address: URL): void {
    const frame = document.createElement("iframe");
    frame.allow = "camera; fullscreen; screen-wake-lock";
    frame.title = this.textContent?.trim() || address.host;
    frame.src = address.href;
    this.#house = address.origin;
    // Each page that comes hears from us first, and so knows whom to answer.
    frame.addEventListener("load", () => frame.contentWindow?.postMessage({ recoup: "hello" }, this.#house));
    this.#frame = frame;
    this.#shadow.replaceChildren(frame);
  }

  /** What stands within the element is shown instead, or else a bare link. */
  #stepBack(page?: URL): void {
    const [slot, link] = [document.createElement("slot"), document.createElement("a")];
    if (page) slot.append(Object.assign(link, { href: page.href, textContent: page.host }));
    this.#shadow.replaceChildren(slot);
    this.#tell("refused", { code: "embed.not_shown" });
  }

  #hear = (event: MessageEvent): void => {
    const frame = this.#frame;
    if (!frame || event.source !== frame.contentWindow || event.origin !== this.#house) return;
    const { recoup, detail } = (event.data ?? {}) as Partial<Told>;
    if (recoup === "size") this.#fit(frame, detail as Size);
    if (!recoup || !EVENTS.includes(recoup)) return;
    // A step begins at its top, as it does on a page of its own; but nobody who reads elsewhere is fetched.
    if (recoup === "step" && document.activeElement === this && this.getBoundingClientRect().top < 0) this.scrollIntoView();
    this.#tell(recoup, detail);
  };

  #fit(frame: HTMLIFrameElement, { height, title, whole }: Size): void {
    frame.title = title;
    frame.classList.toggle("whole", whole);
    if (!whole) frame.style.height = `${height}px`;
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`recoup:${name}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("recoup-capture")) customElements.define("recoup-capture", RecoupCapture);
