/** What an amendment says otherwise than the answer that it replaces. */

import type { Case, Decision, Verdict } from "../../api/client";
import type { Draft } from "./drafts.svelte";
import { lines } from "./missing";

export interface Change {
  what: "verdict" | "summary" | "advice" | "not_covered" | "findings";
  /** What was said, and is not said any more. */
  before: string[];
  /** What is said now, and was not. */
  after: string[];
}

/** The changes, in the order of the form. `name` puts a verdict into words. */
export function difference(answer: Decision, draft: Draft, found: Pick<Case, "findings">, name: (one: Verdict) => string): Change[] {
  const rests = found.findings.filter((one) => !draft.without.includes(one.finding_id));
  return [
    change("verdict", [name(answer.verdict)], draft.verdict ? [name(draft.verdict)] : []),
    change("summary", said(answer.summary), said(draft.summary)),
    change("advice", said(answer.advice), said(draft.advice)),
    change("not_covered", answer.not_covered, lines(draft.notCovered)),
    change("findings", answer.findings.map(inWords), rests.map(inWords)),
  ].filter(({ before, after }) => before.length || after.length);
}

function change(what: Change["what"], before: string[], after: string[]): Change {
  return { what, before: before.filter((one) => !after.includes(one)), after: after.filter((one) => !before.includes(one)) };
}

function said(text: string | null): string[] {
  return text?.trim() ? [text.trim()] : [];
}

function inWords({ text, explanation }: { text: string; explanation?: string | null }): string {
  return explanation ? `${text} (${explanation})` : text;
}
