// Loaded where our page is shown within a shop's page or an app's web view: hands on what is told here.
import "../styles/guest.css";
import { toApp } from "./app.ts";
import { HELLO, type Size, type Told } from "./events.ts";

const about = document.querySelector<HTMLMetaElement>("meta[name=recoup-guest]")!;
const hosts = (about.dataset["hosts"] ?? "").split(" ").filter(Boolean);
const SENDING = "recoup-sending";
const waiting: Told[] = [];
const last = new Map<string, string>();
let host = "";

function hand(message: Told): void {
  const text = JSON.stringify(message);
  if (last.get(message.recoup) === text) return;
  last.set(message.recoup, text);
  if (about.content === "app") toApp(message);
  else if (host) window.parent.postMessage(message, host);
  else waiting.push(message);
}

/** The shop's page says hello first, so we know whom to answer; a stranger's hello is no hello. */
function greeted(event: MessageEvent): void {
  const known = event.source === window.parent && hosts.includes(event.origin);
  if (!known || (event.data as { recoup?: string } | null)?.recoup !== HELLO) return;
  host = event.origin;
  waiting.splice(0).forEach((message) => window.parent.postMessage(message, host));
}

function size(): void {
  const whole = document.querySelector("dialog[open]") !== null;
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  const detail: Size = { height, title: document.title, whole };
  hand({ recoup: "size", detail });
}

/** The window's name outlives the page, and needs neither cookie nor storage, which a frame may not have. */
function arrived(): void {
  const number = about.dataset["case"];
  const sending = window.name === SENDING;
  window.name = "";
  if (number && sending) hand({ recoup: "sent", detail: { case: number } });
}

function begin(): void {
  const page = about.dataset["page"] ?? "";
  const code = about.dataset["refused"];
  hand({ recoup: "ready", detail: { page } });
  if (code) hand({ recoup: "refused", detail: { code } });
  arrived();
  // Told by phone/capture/wish.ts on its way to the page with the number.
  document.addEventListener("recoup-sending", () => (window.name = SENDING));
}

document.addEventListener("recoup-told", (event) => hand((event as CustomEvent<Told>).detail));
begin();
if (about.content === "embed" && window.parent !== window) {
  window.addEventListener("message", greeted);
  new ResizeObserver(size).observe(document.body);
  new MutationObserver(size).observe(document.body, { subtree: true, childList: true, attributeFilter: ["open"] });
}
