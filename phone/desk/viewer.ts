// The photos of a case: one large, the others as thumbs; zoom, turn and drag. Without this script the
// thumbs are links to the photos themselves.

const STEP = 1.5;
const MOST = 8;

class PhotoViewer extends HTMLElement {
  #scale = 1;
  #turned = 0;
  #x = 0;
  #y = 0;
  #drag: { x: number; y: number } | null = null;

  connectedCallback(): void {
    this.#stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#stage.addEventListener("pointerdown", (event) => this.#grab(event));
    this.#stage.addEventListener("pointermove", (event) => this.#pull(event));
    this.#stage.addEventListener("pointerup", () => (this.#drag = null));
    this.#stage.addEventListener("pointercancel", () => (this.#drag = null));
    this.#stage.addEventListener("dblclick", () => this.#zoom(this.#scale > 1 ? 1 / this.#scale : 2.5));
    this.addEventListener("click", (event) => this.#click(event));
  }

  get #stage(): HTMLElement {
    return this.querySelector<HTMLElement>("[data-stage]")!;
  }

  get #picture(): HTMLImageElement | null {
    return this.querySelector<HTMLImageElement>("[data-stage] img");
  }

  get #thumbs(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>("[data-thumb]")];
  }

  #click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const thumb = target?.closest<HTMLAnchorElement>("[data-thumb]");
    const tool = target?.closest<HTMLElement>("[data-tool]")?.dataset["tool"];
    if (event.ctrlKey || event.metaKey || event.shiftKey || (!thumb && !tool)) return;
    event.preventDefault();
    if (thumb) this.#show(thumb);
    else this.#use(tool!);
  }

  #use(tool: string): void {
    if (tool === "in") this.#zoom(STEP);
    else if (tool === "out") this.#zoom(1 / STEP);
    else if (tool === "whole") this.#reset();
    else if (tool === "turn") this.#turn();
    else this.#go(tool === "next" ? 1 : -1);
  }

  #go(step: number): void {
    const all = this.#thumbs;
    const now = all.findIndex((thumb) => thumb.getAttribute("aria-current") === "true");
    const next = all[now + step];
    if (next) this.#show(next);
  }

  #show(thumb: HTMLAnchorElement): void {
    const picture = this.#picture;
    if (!picture) return;
    this.#thumbs.forEach((each) => each.setAttribute("aria-current", String(each === thumb)));
    picture.src = thumb.href;
    picture.alt = thumb.dataset["name"] ?? "";
    this.querySelectorAll<HTMLElement>("[data-about]").forEach((about) => {
      about.hidden = about.dataset["about"] !== thumb.dataset["thumb"];
    });
    this.#reset();
  }

  #reset(): void {
    this.#scale = 1;
    this.#turned = this.#x = this.#y = 0;
    this.#draw();
  }

  #turn(): void {
    this.#turned = (this.#turned + 90) % 360;
    this.#draw();
  }

  #zoom(by: number): void {
    this.#scale = Math.min(Math.max(this.#scale * by, 1), MOST);
    if (this.#scale === 1) this.#x = this.#y = 0;
    this.#draw();
  }

  #wheel(event: WheelEvent): void {
    // Scrolling the page stays scrolling; a pinch, or the wheel with Ctrl, zooms.
    if (!event.ctrlKey && this.#scale === 1) return;
    event.preventDefault();
    this.#zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }

  #grab(event: PointerEvent): void {
    if (this.#scale === 1) return;
    event.preventDefault();
    this.#drag = { x: event.clientX - this.#x, y: event.clientY - this.#y };
    this.#stage.setPointerCapture(event.pointerId);
  }

  #pull(event: PointerEvent): void {
    if (!this.#drag) return;
    this.#x = event.clientX - this.#drag.x;
    this.#y = event.clientY - this.#drag.y;
    this.#draw();
  }

  #draw(): void {
    const picture = this.#picture;
    if (!picture) return;
    picture.style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale}) rotate(${this.#turned}deg)`;
    this.toggleAttribute("data-zoomed", this.#scale > 1);
  }
}

customElements.define("photo-viewer", PhotoViewer);
