// One sentence above the buttons, on whatever step: how many photos are sent, and what to do while the rest cannot be.
import { safe } from "./drafts.ts";
import type { Local } from "./sending.ts";
import { type PhotoState, reachable } from "./server.ts";
import { wish } from "./wish.ts";

/** Said only while something is in the way; a photo that simply goes says so on its own card. */
export function tellLine(local: Map<string, Local>, known: PhotoState[]): void {
  const place = document.querySelector<HTMLElement>("[data-line]");
  if (!place) return;
  place.closest("form")?.toggleAttribute("data-stuck", wish() === "stuck");
  const words = place.dataset[trouble([...local.values()])] ?? "";
  const here = new Set(known.filter((photo) => !photo.replaced).map((photo) => photo.client));
  const on = [...local.values()].filter((photo) => !here.has(photo.id) && !photo.final);
  const sent = here.size + on.filter((photo) => photo.stage === "arrived").length;
  const said = words.replace("{sent}", String(sent)).replace("{all}", String(here.size + on.length));
  // Unchanged words are not written again, or a screen reader would say them again.
  if (place.textContent !== said) place.textContent = said;
}

/** Under which name the place has its sentence; none when all is well. */
function trouble(photos: Local[]): string {
  const open = photos.filter((photo) => photo.stage !== "arrived" && !photo.final);
  const inMemory = open.some((photo) => photo.file && photo.stage !== "saving");
  if (open.some((photo) => photo.ended)) return inMemory ? "" : "ended";
  if (inMemory) return "stay";
  const wished = wish();
  if (wished) return wished === "stuck" && !safe() ? "stuckStay" : wished;
  return open.length && (!reachable || open.some((photo) => photo.stage === "waiting")) ? "waiting" : "";
}
