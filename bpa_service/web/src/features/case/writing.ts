/** What somebody is writing in a case and has not sent, beside the verdict, which colleagues go on with. */

import type { Place, Severity, Shot, Verdict } from "../../api/client";
import { Writing } from "../../kept.svelte";

export type GivingUp = "not_a_vehicle" | "unreadable_photos" | "duplicate" | "abuse";

interface Question {
  text: string;
  /** What to photograph; nothing for an answer in words, undefined until it is begun. */
  shot: Shot | "" | undefined;
  blocking: boolean;
  place: Place | undefined;
}

export interface FindingWords {
  text: string;
  /** What it means for who buys or sells the car, and what to do: in the report, in place of its own words. */
  meaning: string;
  toDo: string;
  severity: Severity;
  places: Place[];
  /** The check that was found odd, where it began with one. */
  check: string | undefined;
}

interface Opinion {
  text: string;
  verdict: Verdict;
}

interface Words {
  text: string;
}

export type CaseWriting = ReturnType<typeof writingIn>;

/** Why a finding is withdrawn, or what explains it. */
export function aboutFinding(what: string, findingId: string): Writing<Words> {
  return new Writing<Words>(`${what} of ${findingId}`, { text: "" }, ({ text }) => text);
}

/** Every form of a case. */
export function writingIn(caseId: string) {
  const begun = <T extends Words>(what: string, empty: T): Writing<T> =>
    new Writing<T>(`${what} in ${caseId}`, empty, ({ text }) => text);
  return {
    question: begun<Question>("question", { text: "", shot: undefined, blocking: true, place: undefined }),
    finding: begun<FindingWords>("finding", { text: "", meaning: "", toDo: "", severity: "anomaly", places: [], check: undefined }),
    message: begun<Words>("message", { text: "" }),
    note: begun<Words>("note", { text: "" }),
    opinionAsked: begun<Words>("opinion asked", { text: "" }),
    opinionGiven: begun<Opinion>("opinion given", { text: "", verdict: "doubts" }),
    givingUp: begun<Words & { reason: GivingUp }>("giving up", { text: "", reason: "unreadable_photos" }),
  };
}
