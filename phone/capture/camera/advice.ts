// What the camera's one line says: a sequence of the gate's verdicts in, the name of a line out. Pure; time is passed in.
//
// The worst first, and only what two frames in a row agree on; the line changes about once a second at most, because
// a screen reader says every change aloud.
import type { Reason, Verdict } from "../../gate/judge.ts";

export type Line = Reason | "good" | "start" | "torch" | "screen" | "own_camera";
/** The lamp beside the lens: there and dark, there and lit, or not there. */
export type Torch = "off" | "on" | "none";

export interface Advice {
  readonly line: Line;
  readonly lineSince: number;
  /** What the last frames agree on, since when, and how many they are. */
  readonly seen: Line;
  readonly seenSince: number;
  readonly frames: number;
  readonly opened: number;
}

/** What is known of one frame; `moved`: it shows something else than the frame before it. */
export interface Frame {
  readonly at: number; // milliseconds, as all times here
  readonly verdict: Pick<Verdict, "reasons" | "advice">;
  readonly moved: boolean;
  readonly torch: Torch;
  /** The screen as a lamp, where it could be one. */
  readonly screen?: Torch;
}

const AGREE = 2; // frames
const LEAST = 1000; // between two changes of the line
const DARK = 2000; // until light is offered, and not only asked for
const STEADY = 1000; // good for so long before a photo takes itself
const SETTLE = 2000; // nor before somebody can have pointed the camera anywhere

/** What is no fault in a shot: a close-up and a label run out of their picture. */
const FINE: Record<string, readonly Reason[]> = { close_up: ["cut_off"], serial_label: ["cut_off"] };

export function begin(at: number): Advice {
  return { line: "start", lineSince: at, seen: "start", seenSince: at, frames: 0, opened: at };
}

export function hear(was: Advice, frame: Frame, shot: string): Advice {
  const seen = worst(frame, shot);
  const same = seen === was.seen;
  const now = { ...was, seen, seenSince: same ? was.seenSince : frame.at, frames: same ? was.frames + 1 : 1 };
  const line = now.frames < AGREE ? was.line : told(now, frame);
  const changes = line !== was.line && frame.at - was.lineSince >= LEAST;
  return changes ? { ...now, line, lineSince: frame.at } : now;
}

/** Good and steady for long enough that the photo may take itself. */
export function ripe({ line, seen, seenSince, frames, opened }: Advice, at: number): boolean {
  return line === "good" && seen === "good" && frames >= AGREE && at - seenSince >= STEADY && at - opened >= SETTLE;
}

/** What is wrong for certain, then what could be better; a good frame of a moving hand is told to hold still. */
function worst({ verdict, moved }: Frame, shot: string): Line {
  const fine: Reason[] = [...(FINE[shot] ?? []), "tiny"]; // a preview may be tiny: the photo is not
  if (verdict.reasons.includes("too_dark")) fine.push("blank"); // in the dark all is blank, and light is what helps
  const reason = [...verdict.reasons, ...verdict.advice].find((each) => !fine.includes(each));
  return reason ?? (moved ? "motion" : "good");
}

/** Somebody who stays in the dark is shown a way out. */
function told({ seen, seenSince }: Advice, { at, torch, screen }: Frame): Line {
  if (seen !== "too_dark" || at - seenSince < DARK) return seen;
  if (torch === "off") return "torch";
  return torch === "none" && screen === "off" ? "screen" : "own_camera";
}
