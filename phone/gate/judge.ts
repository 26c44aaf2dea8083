// The verdict on one frame or photo, the same as recoup/vision/gate.py gives on the same pixels.
//
// Told in this order: nothing there, too dark, overexposed, a reflection, movement, out of focus, too small, cut off.
// Every number comes from gate/rules.json. Between the two thresholds the photo is accepted, with advice.
import shipped from "../../gate/rules.json";
import { measure, type Measures } from "./measures.ts";
import type { Rgba } from "./luma.ts";

export type Head = "sharp" | "dark" | "bright";
export type Reason =
  | "tiny" | "blank" | "too_dark" | "overexposed" | "glare" | "motion" | "defocus" | "too_small" | "cut_off";

/** What the gate says. Nothing here is a sentence: `sentence` is the key of one, which the page looks up. */
export interface Verdict {
  result: "accept" | "retake";
  /** Why another photo is asked for, the first reason first; empty when accepted. */
  reasons: Reason[];
  /** What would make an accepted photo better, the first first; empty unless near the line. */
  advice: Reason[];
  sentence: Reason | "good" | `advice.${Reason}`;
  /** Whole millionths; 1,000,000 is very sharp, very dark, very bright. */
  scores: Record<Head, number>;
  measures: Measures;
  /** Accepted, but only just. */
  nearLine: boolean;
  rulesVersion: string;
}

interface Weights {
  bias: number;
  weights: Record<string, number[]>; // centre, spread, weight of each measure
  missing: Record<string, number>;
}

export interface Rules {
  version: string;
  least_side: number;
  heads: Record<Head, Weights>;
  firm: Scores; // thresholds, in millionths as the scores are
  advice: Scores;
  blank: { edges: number; spread: number };
  motion: { gap: number };
  glare: number;
  place: { small: number; calm: number; cut: number; free: number };
}

type Scores = Verdict["scores"];

/** The verdict on upright RGBA pixels of any size. Same pixels and rules, same verdict. */
export function judge(rgba: Rgba, width: number, height: number): Verdict {
  return judgeMeasures(measure(rgba, width, height), Math.min(width, height), shipped as Rules);
}

/** The decision alone, from measures and the picture's shorter side. */
export function judgeMeasures(measures: Measures, shortSide: number, rules: Rules): Verdict {
  const scores = { sharp: 0, dark: 0, bright: 0 };
  for (const head of Object.keys(scores) as Head[]) scores[head] = inMillionths(chance(measures, rules.heads[head]));
  const reasons = firmReasons(measures, scores, shortSide, rules);
  const advice = reasons.length ? [] : adviceOn(measures, scores, rules);
  return {
    result: reasons.length ? "retake" : "accept",
    reasons,
    advice,
    sentence: reasons[0] ?? (advice[0] ? `advice.${advice[0]}` : "good"),
    scores,
    measures,
    nearLine: advice.length > 0,
    rulesVersion: rules.version,
  };
}

/** A logistic head: the weighted sum of scaled measures, squashed into 0..1. A missing measure counts as usual. */
function chance(measures: Measures, head: Weights): number {
  let sum = head.bias;
  for (const [name, [centre, spread, weight]] of Object.entries(head.weights)) {
    const value = measures[name]!;
    sum += weight! * (value >= 0 ? (value - centre!) / spread! : head.missing[name] ?? 0);
  }
  return squash(sum);
}

/** 1 / (1 + e^-sum) from sums, products and quotients alone: those come out the same to the last bit everywhere. */
function squash(sum: number): number {
  const step = -Math.max(-40, Math.min(40, sum)) / 1024;
  let term = 1, power = 1;
  for (let number = 1; number < 9; number++) {
    term = (term * step) / number;
    power += term;
  }
  for (let times = 0; times < 10; times++) power *= power;
  return 1 / (1 + power);
}

/** Halves up: what thresholds are compared with, so that two runtimes cannot disagree. */
function inMillionths(score: number): number {
  return Math.floor(score * 1_000_000 + 0.5);
}

function firmReasons(measures: Measures, scores: Scores, shortSide: number, rules: Rules): Reason[] {
  if (shortSide < rules.least_side) return ["tiny"];
  const light = lightReasons(scores, rules.firm);
  if (isBlank(measures, rules.blank)) return ["blank", ...light];
  return [...light, ...blurReasons(measures, scores, rules.firm, rules.motion)];
}

function adviceOn(measures: Measures, scores: Scores, rules: Rules): Reason[] {
  const reflection: Reason[] = measures["glare"]! >= rules.glare ? ["glare"] : [];
  const blur = blurReasons(measures, scores, rules.advice, rules.motion);
  return [...lightReasons(scores, rules.advice), ...reflection, ...blur, ...placeReasons(measures, rules.place)];
}

function lightReasons(scores: Scores, limits: Scores): Reason[] {
  const dark: Reason[] = scores.dark >= limits.dark ? ["too_dark"] : [];
  return scores.bright >= limits.bright ? [...dark, "overexposed"] : dark;
}

function blurReasons(measures: Measures, scores: Scores, limits: Scores, motion: Rules["motion"]): Reason[] {
  return scores.sharp <= limits.sharp ? [kindOfBlur(measures, motion)] : [];
}

/** Hardly an edge anywhere and hardly any difference in light: a covered lens, a wall, the floor. */
function isBlank(measures: Measures, blank: Rules["blank"]): boolean {
  const spread = measures["light990"]! - measures["light10"]!;
  return measures["small_edges16"]! < blank.edges && spread < blank.spread;
}

/** Movement blurs one direction more than the others; a lens out of focus blurs all alike. */
function kindOfBlur(measures: Measures, motion: Rules["motion"]): Reason {
  const usual = measures["middle_steep32_75"]!, worst = measures["middle_worst32_75"]!;
  return usual > 0 && worst >= 0 && (usual - worst) * 1000 >= motion.gap * usual ? "motion" : "defocus";
}

/** Something small amid plain surroundings, or running out of the picture on one side only, but for the bottom. */
function placeReasons(measures: Measures, place: Rules["place"]): Reason[] {
  const filled = measures["filled"]!, top = measures["rim_top"]!, bottom = measures["rim_bottom"]!;
  const left = measures["rim_left"]!, right = measures["rim_right"]!;
  if (filled >= 0 && filled < place.small && Math.max(top, right, bottom, left) <= place.calm) return ["too_small"];
  const runsOut = (side: number, opposite: number, ...beside: number[]) =>
    side >= place.cut && opposite <= place.free && Math.max(...beside) <= place.calm;
  const cut = runsOut(top, bottom, left, right) || runsOut(right, left, top, bottom);
  return cut || runsOut(left, right, top, bottom) ? ["cut_off"] : [];
}
