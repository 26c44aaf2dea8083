// The photos' cards, their queue and all that is kept come after what the customer sees first: the line is the page's and
// the camera's until both are there. Whatever is taken, picked or pressed before then waits in this page.
type All = typeof import("./sitting.ts");

const OFTEN = 200; // milliseconds
const FIRST = 300; // whoever comes straight to the camera's button presses it by then

/** `all` once it is here; `coming` waits for it. */
export const sitting: { all?: All; coming: Promise<All> } = { coming: load() };

async function load(): Promise<All> {
  if (document.readyState !== "complete") await new Promise((tell) => window.addEventListener("load", tell, { once: true }));
  if (document.querySelector("[data-step]:not([hidden]) .pick")) await pause(FIRST);
  for (;;) {
    while (opening()) await pause(OFTEN);
    const all = await import("./sitting.ts").catch(() => undefined);
    if (all) return (sitting.all = all);
    await pause(5 * OFTEN); // the line is down
  }
}

/** Between the press and the camera's first picture. */
function opening(): boolean {
  return document.querySelector(".pick [aria-busy]") !== null && document.querySelector(".finder.ready") === null;
}

async function pause(time: number): Promise<void> {
  await new Promise((wait) => window.setTimeout(wait, time));
}
