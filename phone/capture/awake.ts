// The screen stays on while photos are on their way: a phone that sleeps stops sending.

let held: WakeLockSentinel | undefined;
let wanted = false;
let turn: Promise<void> = Promise.resolve();

export function stayAwake(want: boolean): void {
  if (want === wanted) return;
  wanted = want;
  settle();
}

/** One after another: of two requests at once, one lock would never be let go. */
function settle(): void {
  turn = turn.then(hold).catch(() => undefined);
}

/** A page that is not looked at loses the lock by itself, and takes it again when it is looked at. */
async function hold(): Promise<void> {
  if (!wanted) return held?.release();
  if (document.hidden || (held && !held.released)) return;
  // Refused on a low battery, and absent in many browsers; then it goes without.
  held = await navigator.wakeLock?.request("screen").catch(() => undefined);
}

document.addEventListener("visibilitychange", settle);
