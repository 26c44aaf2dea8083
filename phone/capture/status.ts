// The status page changes by itself. The server says when, on a line that stays open; where there is none, it is asked,
// at first often, then ever more slowly. A page that nobody looks at does neither.
import { adopt } from "./adopt.ts";
import { asHere } from "./times.ts";

const SILENT = 50_000; // milliseconds without a beat: a dead line does not say that it is dead
const SLOW = 8_000; // milliseconds until a line stands; one that something on the way holds back never does
const ANOTHER_TRY = 120_000; // milliseconds of asking, then a line may do again
const FAILS = 2;
const READ_ALOUD = 10_000; // milliseconds that news stay where screen readers look for them

const place = document.querySelector<HTMLElement>("[data-status]");
const address = place?.dataset["status"] ?? "";
let tag = place?.dataset["tag"] ?? "";
let line: EventSource | undefined;
let timer = 0;
let silence = 0;
let failures = 0;
let since = Date.now();
let [asking, again, over] = [false, false, false];

export function follow(): void {
  if (!place) return;
  asHere(place);
  document.addEventListener("visibilitychange", begin);
  window.addEventListener("online", begin);
  begin();
}

function begin(): void {
  rest();
  if (over || document.hidden) return;
  [failures, since] = [0, Date.now()];
  if ("EventSource" in window) listen();
  else askAgain();
}

function rest(): void {
  line?.close();
  line = undefined;
  window.clearTimeout(timer);
}

function listen(): void {
  line = new EventSource(place!.dataset["line"] ?? "");
  line.addEventListener("here", heard);
  line.addEventListener("changed", heard);
  line.addEventListener("beat", () => expect(SILENT));
  line.onerror = () => failed(line?.readyState === EventSource.CLOSED);
  expect(SLOW);
}

/** Something changed, or may have while no line stood. */
function heard(): void {
  failures = 0;
  expect(SILENT);
  void ask();
}

function expect(within: number): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => failed(true), within);
}

/** A line ends after a while and the browser opens the next; one that is refused, or fails twice, is not waited for. */
function failed(forGood: boolean): void {
  failures += 1;
  if (!forGood && failures < FAILS) return;
  rest();
  since = Date.now();
  askAgain();
}

function askAgain(): void {
  const age = Date.now() - since;
  if (age > ANOTHER_TRY && "EventSource" in window) return begin();
  const pause = age < 20_000 ? 600 : age < 120_000 ? 3_000 : age < 600_000 ? 15_000 : 60_000;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void ask().then(() => !over && !line && !document.hidden && askAgain()), pause);
}

async function ask(): Promise<void> {
  again = asking;
  if (asking) return;
  asking = true;
  const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {} }).catch(() => undefined);
  if (answer?.status === 200) {
    tag = answer.headers.get("ETag") ?? "";
    tell(adopt(place!, await answer.text().catch(() => place!.innerHTML)));
  }
  asking = false;
  // The link opens nothing any more; what it showed stays readable.
  over = answer?.status === 404 || answer?.status === 410;
  if (over) rest();
  else if (again) await ask();
}

/** Read aloud once; then gone again, for the page says the same where it belongs. */
function tell(news: string[]): void {
  const region = document.querySelector("[data-news]");
  if (!region || news.length === 0) return;
  region.textContent = news.join(" ");
  window.clearTimeout(silence);
  silence = window.setTimeout(() => (region.textContent = ""), READ_ALOUD);
}
