// The screen stays on while photos are on their way: a phone that sleeps stops sending.

let held: WakeLockSentinel | undefined;
let wanted = false;

export function stayAwake(want: boolean): void {
  if (want === wanted) return;
  wanted = want;
  if (want) void hold();
  else void held?.release();
}

async function hold(): Promise<void> {
  if (!wanted || document.hidden || (held && !held.released)) return;
  // Refused on a low battery, and absent in many browsers; then it goes without.
  held = await navigator.wakeLock?.request("screen").catch(() => undefined);
  if (!wanted) void held?.release();
}

document.addEventListener("visibilitychange", () => void hold());
