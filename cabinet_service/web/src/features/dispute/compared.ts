/** Two versions of an answer, thing by thing. */

import type { Decision } from "../../api/client";

type Finding = Decision["findings"][number];

export type What = "verdict" | "summary" | "advice" | "findings" | "not_covered";

export interface Row {
  what: What;
  before: string[];
  after: string[];
}

/** How what has no words of its own is called. */
export interface Names {
  verdict: (one: Decision["verdict"]) => string;
  severity: (one: Finding["severity"]) => string;
  explained: string;
  meaning: string;
  toDo: string;
}

/** What differs, in the order in which an answer is read. */
export function compared(before: Decision, after: Decision, names: Names): Row[] {
  const of = (one: Decision): Record<What, string[]> => ({
    verdict: [names.verdict(one.verdict)],
    summary: [one.summary],
    advice: one.advice ? [one.advice] : [],
    findings: one.findings.map((finding) => whole(finding, names)),
    not_covered: [...one.not_covered],
  });
  const [was, is] = [of(before), of(after)];
  return (Object.keys(was) as What[])
    .map((what) => ({ what, before: was[what], after: is[what] }))
    .filter((row) => JSON.stringify(row.before) !== JSON.stringify(row.after));
}

/** All that is said of a finding, a line each: two are the same where nothing of it differs. */
function whole({ severity, text, explanation, meaning, to_do }: Finding, names: Names): string {
  const lines = [
    `${names.severity(severity)}: ${text}`,
    explanation && `${names.explained}: ${explanation}`,
    meaning && `${names.meaning}: ${meaning}`,
    to_do && `${names.toDo}: ${to_do}`,
  ];
  return lines.filter(Boolean).join("\n");
}
