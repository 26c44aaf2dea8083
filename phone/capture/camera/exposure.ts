// How much brighter or darker than the camera would choose by itself. Pure; time is passed in.
//
// A camera meters for the whole picture, and a dark thing on a bright table stays too dark however long it measures.

export interface Exposure {
  readonly stops: number; // 0: as the camera chooses
  readonly since: number; // milliseconds, as all times here
}

const STEP = 0.5; // stops
const LEAST = 600; // between two steps: the camera needs some frames to follow
const [DARKEST, BRIGHTEST] = [-1, 2];

/** Step by step while it is too dark or too bright; back to the camera's own choice once a lamp is lit. */
export function nextExposure(was: Exposure, at: number, seen: { dark: boolean; bright: boolean; lamp: boolean }): Exposure {
  if (seen.lamp) return was.stops > 0 ? { stops: 0, since: at } : was;
  if (seen.dark === seen.bright || at - was.since < LEAST) return was;
  const stops = Math.min(BRIGHTEST, Math.max(DARKEST, was.stops + (seen.dark ? STEP : -STEP)));
  return stops === was.stops ? was : { stops, since: at };
}
