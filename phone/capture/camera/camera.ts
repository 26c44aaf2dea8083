// The rear camera: opened as large as it comes, closed for good, and what else its track says it can do.

/** Why the camera is not there; each has its own sentence in the page. */
export type Trouble = "denied" | "taken" | "missing" | "gone" | "broken";

/** Which way the lens looks: away from who holds the phone, or at them. */
export type Facing = "environment" | "user";

// Square, because a portrait frame would be cropped to a landscape wish; 5 megapixels or what is nearest.
const WANTED: MediaTrackConstraints = {
  width: { ideal: 2560 }, height: { ideal: 2560 }, frameRate: { ideal: 30 },
};
const UNSCALED = { resizeMode: { ideal: "none" } };
const NAMES: Record<string, Trouble> = {
  NotAllowedError: "denied", SecurityError: "denied", NotReadableError: "taken", AbortError: "taken",
  NotFoundError: "missing", OverconstrainedError: "missing",
};
const MUTED = 3000; // milliseconds: shorter is a hiccup, longer another app

/** What a track can do beyond what every browser's types know. */
interface Can extends MediaTrackCapabilities {
  torch?: boolean;
  exposureCompensation?: { min: number; max: number; step: number };
}

/** What a track was asked for, and did. */
type Wish = { torch?: boolean; exposureCompensation?: number };
const wishes = new WeakMap<MediaStreamTrack, Wish>();

export async function openCamera(facing: Facing = "environment"): Promise<MediaStream> {
  const video = { ...WANTED, ...UNSCALED, facingMode: { ideal: facing } } as MediaTrackConstraints;
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

/** Whether the lens looks away from the screen for certain; a desk's camera does not say. */
export function looksAway(track: MediaStreamTrack): boolean {
  return track.getSettings().facingMode === "environment";
}

export function closeCamera(stream: MediaStream | undefined): void {
  stream?.getTracks().forEach((track) => track.stop());
}

export function trackOf(stream: MediaStream | undefined): MediaStreamTrack | undefined {
  return stream?.getVideoTracks()[0];
}

export function troubleOf(problem: unknown): Trouble {
  const name = problem instanceof DOMException ? problem.name : problem instanceof Error ? problem.message : "";
  return NAMES[name] ?? (name === "gone" ? "gone" : "broken");
}

/** Tells once when the track ends, or is silent for long: the phone slept, or another app took the camera. */
export function whenGone(track: MediaStreamTrack, tell: () => void): void {
  let timer = 0;
  track.addEventListener("ended", tell, { once: true });
  track.addEventListener("mute", () => (timer = window.setTimeout(tell, MUTED)));
  track.addEventListener("unmute", () => window.clearTimeout(timer));
}

/** Only what the track itself says: what the browser supports in general says nothing of this camera. */
function can(track: MediaStreamTrack): Can {
  return track.getCapabilities?.() ?? {};
}

export function hasTorch(track: MediaStreamTrack): boolean {
  return can(track).torch === true;
}

export async function lightTorch(track: MediaStreamTrack, on: boolean): Promise<void> {
  await ask(track, { torch: on });
}

/** Stops brighter or darker than the camera would choose, or 0 for as it chooses; without a word where it cannot. */
export function expose(track: MediaStreamTrack, stops: number): void {
  const range = can(track).exposureCompensation;
  if (!range) return;
  const value = Math.min(range.max, Math.max(range.min, stops));
  void ask(track, { exposureCompensation: value }).catch(() => undefined);
}

/** Each wish replaces the one before it, so the torch is asked for again with the exposure, or it would go out. */
async function ask(track: MediaStreamTrack, wish: Wish): Promise<void> {
  const all = { ...wishes.get(track), ...wish };
  await track.applyConstraints({ advanced: [all as MediaTrackConstraintSet] });
  wishes.set(track, { ...wishes.get(track), ...wish });
}

/**
 * A smaller copy of what the camera sees, where the browser scales one by itself: less to read and to judge than all of
 * its pixels. Else the video as it is.
 */
export async function smaller(
  track: MediaStreamTrack, video: HTMLVideoElement, longSide: number, stop: AbortSignal,
): Promise<HTMLVideoElement> {
  const scale = longSide / Math.max(video.videoWidth, video.videoHeight);
  if (scale >= 1 || !("resizeMode" in can(track))) return video;
  const copy = track.clone();
  stop.addEventListener("abort", () => copy.stop());
  if (stop.aborted) copy.stop();
  const size = { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) };
  try {
    await copy.applyConstraints({ ...size, frameRate: 10, resizeMode: "crop-and-scale" } as MediaTrackConstraints);
    const own = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    own.srcObject = new MediaStream([copy]);
    await own.play();
    return own;
  } catch {
    copy.stop();
    return video;
  }
}
