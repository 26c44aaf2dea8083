// The sentence for a photo that is not arriving: the server's own, or the template's where the answer brought none.
import { say } from "./cards.ts";
import { LOST } from "./queue.ts";

/** For when nobody answers, or somebody on the way to the server does. */
const OWN_WORDS: Record<number, string> = {
  [LOST]: "sayLost", 0: "sayNoLine", 413: "sayTooLarge", 415: "sayNoPhoto", 422: "sayNoPhoto", 423: "sayBusy",
};

export function words({ status, sentence, kind }: { status: number; sentence: string; kind: string }): string {
  // A stranger's link and an unknown one look alike, so that sentence would say too little here.
  if (kind === "ended" && status === 404) return say("sayEnded");
  const otherwise = kind === "ended" ? "sayEnded" : kind === "never" ? "sayNever" : "sayTrouble";
  return sentence || say(OWN_WORDS[status] ?? otherwise);
}
