// What happens on this page, for whoever shows it: phone/embed/inside.ts, where that is loaded, hands it on.
import type { Events } from "../embed/events.ts";

export function told<Name extends keyof Events>(recoup: Name, detail: Events[Name]): void {
  document.dispatchEvent(new CustomEvent("recoup-told", { detail: { recoup, detail } }));
}
