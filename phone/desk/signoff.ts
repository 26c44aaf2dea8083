// Sign-off: what will be covered, as dashed boxes over the original, to move, resize, add and take away with the mouse
// or the keyboard. Nothing here changes the picture: the server draws it anew, and that version is signed.

type Box = [number, number, number, number];
type Stored = { kind: string; box: Box; why: string; text?: string };
type Cover = { of: number | null; box: Box; words: string };
type Corner = "nw" | "ne" | "sw" | "se";
type Grip = { at: number; corner: Corner | null; from: DOMPoint; was: Box };

const SVG = "http://www.w3.org/2000/svg";
const CORNERS: Corner[] = ["nw", "ne", "sw", "se"];
const SMALLEST = 6; // pixels of the copy
const WORDS: Record<string, string> = {
  face: "a face", text: "words", code: "a code", label: "a label", identifier: "a name or number", card: "a card",
  drawn: "drawn by hand", metadata: "metadata",
};

function stored(id: string): Stored[] {
  return JSON.parse(document.getElementById(id)?.textContent ?? "[]") as Stored[];
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function rectangle([x, y, width, height]: Box, name: string): SVGElement {
  return shape("rect", { x, y, width, height, class: name });
}

class CoverEditor extends HTMLElement {
  #before = stored("covers");
  #residue = stored("residue");
  #covers: Cover[] = [];
  #grip: Grip | null = null;
  #wide = 0;
  #high = 0;

  async connectedCallback(): Promise<void> {
    const outgoing = this.#one<HTMLImageElement>("[data-outgoing]");
    await outgoing.decode().catch(() => undefined);
    this.#wide = outgoing.naturalWidth || 1;
    this.#high = outgoing.naturalHeight || 1;
    for (const svg of this.querySelectorAll<SVGSVGElement>(".sheet svg")) {
      svg.setAttribute("viewBox", `0 0 ${this.#wide} ${this.#high}`);
      svg.setAttribute("preserveAspectRatio", "none");
    }
    const marks = this.querySelector("[data-marks]");
    for (const each of this.#residue) if (each.box[2]) marks?.append(rectangle(each.box, "residue-box"));
    this.#restore();
    if (this.hasAttribute("data-editable")) this.#listen();
  }

  get #svg(): SVGSVGElement {
    return this.#one<SVGSVGElement>("[data-boxes]");
  }

  #one<Kind extends Element>(selector: string): Kind {
    return this.querySelector<Kind>(selector)!;
  }

  #listen(): void {
    this.#svg.addEventListener("pointerdown", (event) => this.#take(event));
    this.#svg.addEventListener("pointermove", (event) => this.#pull(event));
    this.#svg.addEventListener("pointerup", () => this.#drop());
    this.#svg.addEventListener("pointercancel", () => this.#drop());
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("pointerover", (event) => this.#light(event));
  }

  // --- What can be done ---

  #restore(): void {
    this.#covers = this.#before.map((cover, index) => ({ of: index, box: [...cover.box], words: WORDS[cover.kind] ?? cover.kind }));
    this.#draw();
  }

  #add(box: Box): void {
    this.#covers.push({ of: null, box: this.#within(box), words: "drawn by hand" });
    this.#draw(this.#covers.length - 1);
  }

  #remove(index: number): void {
    this.#covers.splice(index, 1);
    this.#draw(Math.min(index, this.#covers.length - 1));
  }

  #change(index: number, box: Box): void {
    this.#covers[index]!.box = this.#within(box);
    this.#draw(index);
  }

  #within([x, y, width, height]: Box): Box {
    const wide = Math.round(Math.min(Math.max(width, SMALLEST), this.#wide));
    const high = Math.round(Math.min(Math.max(height, SMALLEST), this.#high));
    return [Math.round(Math.min(Math.max(x, 0), this.#wide - wide)), Math.round(Math.min(Math.max(y, 0), this.#high - high)), wide, high];
  }

  #click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-add]")) this.#add([this.#wide * 0.4, this.#high * 0.45, this.#wide * 0.2, this.#high * 0.1]);
    else if (target?.closest("[data-reset]")) this.#restore();
    const away = target?.closest<HTMLElement>("[data-away]")?.dataset["away"];
    if (away) this.#remove(Number(away));
    const hide = target?.closest<HTMLElement>("[data-hide]")?.dataset["hide"];
    if (hide) this.#hide(this.#residue[Number(hide)]);
  }

  #hide(left: Stored | undefined): void {
    if (!left) return;
    const [x, y, width, height] = left.box;
    const pad = Math.max(4, Math.round(0.15 * Math.min(width, height)));
    this.#add([x - pad, y - pad, width + 2 * pad, height + 2 * pad]);
  }

  // --- Mouse and finger ---

  #at(event: PointerEvent): DOMPoint {
    const matrix = this.#svg.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY);
    return matrix ? point.matrixTransform(matrix.inverse()) : point;
  }

  #take(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const target = event.target as Element;
    const group = target.closest<SVGGElement>("[data-cover]");
    const from = this.#at(event);
    if (group) {
      const at = Number(group.dataset["cover"]);
      const corner = CORNERS.find((each) => target.classList.contains(each)) ?? null;
      this.#grip = { at, corner, from, was: [...this.#covers[at]!.box] };
      group.focus();
    } else {
      this.#covers.push({ of: null, box: [from.x, from.y, 0, 0], words: "drawn by hand" });
      this.#grip = { at: this.#covers.length - 1, corner: "se", from, was: [from.x, from.y, 0, 0] };
    }
    this.#svg.setPointerCapture(event.pointerId);
  }

  #pull(event: PointerEvent): void {
    if (!this.#grip) return;
    const { at, corner, from, was } = this.#grip;
    const now = this.#at(event);
    const moved = corner ? this.#stretched(was, corner, now.x - from.x, now.y - from.y) : this.#moved(was, now.x - from.x, now.y - from.y);
    this.#change(at, moved);
  }

  #drop(): void {
    const grip = this.#grip;
    this.#grip = null;
    const drawn = grip && this.#covers[grip.at];
    // A click beside every cover is no cover.
    if (grip && drawn && !grip.was[2] && (drawn.box[2] <= SMALLEST || drawn.box[3] <= SMALLEST)) this.#remove(grip.at);
  }

  #moved([x, y, width, height]: Box, right: number, down: number): Box {
    return [x + right, y + down, width, height];
  }

  #stretched([x, y, width, height]: Box, corner: Corner, right: number, down: number): Box {
    const west = corner.endsWith("w");
    const north = corner.startsWith("n");
    const left = Math.min(Math.max(west ? x + right : x, 0), this.#wide);
    const top = Math.min(Math.max(north ? y + down : y, 0), this.#high);
    const end = Math.min(Math.max(west ? x + width : x + width + right, 0), this.#wide);
    const foot = Math.min(Math.max(north ? y + height : y + height + down, 0), this.#high);
    return [Math.min(left, end), Math.min(top, foot), Math.abs(end - left), Math.abs(foot - top)];
  }

  // --- Keyboard ---

  #key(event: KeyboardEvent): void {
    const group = event.target instanceof Element ? event.target.closest<SVGGElement>("[data-cover]") : null;
    if (!group || event.ctrlKey || event.metaKey) return;
    const index = Number(group.dataset["cover"]);
    const step = Math.max(1, Math.round(this.#wide / (event.altKey ? 1000 : 150)));
    const ways: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const way = ways[event.key];
    if (way) this.#nudge(index, way, event.shiftKey);
    else if (event.key === "Delete" || event.key === "Backspace") this.#remove(index);
    else if (event.key === "Escape") group.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #nudge(index: number, [right, down]: [number, number], resize: boolean): void {
    const box = this.#covers[index]!.box;
    this.#change(index, resize ? [box[0], box[1], box[2] + right, box[3] + down] : this.#moved(box, right, down));
  }

  // --- What is shown ---

  get #changed(): boolean {
    const same = (cover: Cover): boolean => cover.of !== null && String(cover.box) === String(this.#before[cover.of]?.box);
    return this.#covers.length !== this.#before.length || !this.#covers.every(same);
  }

  #draw(focused = -1): void {
    this.#svg.replaceChildren(...this.#covers.map((cover, index) => this.#group(cover, index)));
    this.querySelector("[data-list]")?.replaceChildren(...this.#covers.map((cover, index) => this.#item(cover, index)));
    this.#tell();
    if (focused >= 0) this.#svg.querySelector<SVGGElement>(`[data-cover="${focused}"]`)?.focus({ preventScroll: true });
  }

  #group(cover: Cover, index: number): SVGElement {
    const [, , width, height] = cover.box;
    const name = `Cover ${index + 1}: ${cover.words}, ${Math.round(width)} by ${Math.round(height)}`;
    const editable = this.hasAttribute("data-editable");
    const group = shape("g", { class: "cover-box", role: "img", "aria-label": name, ...(editable ? { tabindex: 0, "data-cover": index } : {}) });
    group.append(rectangle(cover.box, "under"), rectangle(cover.box, "area"));
    if (editable) group.append(...CORNERS.map((corner) => this.#handle(cover.box, corner)));
    return group;
  }

  #handle([x, y, width, height]: Box, corner: Corner): SVGElement {
    const scale = this.#wide / Math.max(this.#svg.clientWidth, 1);
    const size = 12 * scale;
    const left = (corner.endsWith("w") ? x : x + width) - size / 2;
    const top = (corner.startsWith("n") ? y : y + height) - size / 2;
    return rectangle([left, top, size, size], `corner ${corner}`);
  }

  #item(cover: Cover, index: number): HTMLElement {
    const item = document.createElement("li");
    item.dataset["item"] = String(index);
    const words = document.createElement("span");
    words.textContent = `${index + 1}. ${cover.words}`;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link small";
    button.dataset["away"] = String(index);
    button.textContent = "Take away";
    button.setAttribute("aria-label", `Take cover ${index + 1} away`);
    item.append(words, button);
    return item;
  }

  // What is signed is what was drawn: while covers were moved, there is nothing to sign yet.
  #tell(): void {
    const changed = this.#changed;
    const set = (selector: string, off: boolean): void => this.querySelectorAll<HTMLButtonElement>(selector).forEach((each) => (each.disabled = off));
    set("[data-redraw], [data-reset]", !changed);
    set("[data-sign]", changed || this.#residue.length > 0);
    this.querySelector("[data-redraw]")?.classList.toggle("primary", changed);
    const count = this.querySelector("[data-count]");
    if (count) count.textContent = String(this.#covers.length);
    const field = this.querySelector<HTMLInputElement>("[name=covers]");
    if (field) field.value = JSON.stringify(this.#covers.map(({ of, box }) => ({ of, box: box.map(Math.round) })));
  }

  #light(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const index = target?.closest<HTMLElement>("[data-item]")?.dataset["item"] ?? target?.closest<SVGElement>("[data-cover]")?.dataset["cover"];
    for (const each of this.querySelectorAll<HTMLElement | SVGElement>("[data-item], [data-cover]")) {
      each.toggleAttribute("data-lit", index !== undefined && (each.dataset["item"] ?? each.dataset["cover"]) === index);
    }
  }
}

customElements.define("cover-editor", CoverEditor);
