/** What a verdict still lacks, by the same rules as the server's (`cases/deciding/completeness.py`): named before it is sent. */

import type { Case } from "../../api/client";
import type { Draft } from "./drafts.svelte";

export type Lack =
  | "verdict"
  | "summary"
  | "info_task_open"
  | "check_open"
  | "second_opinion_open"
  | "original_awaited"
  | "finding_left_out"
  | "finding_needed"
  | "contradiction_unresolved"
  | "not_covered_needed";

type Facts = Pick<Case, "findings" | "info_tasks" | "second_opinion" | "evidence" | "checks">;

/** `confirms`: something is confirmed as it is sent. */
export function missing(draft: Draft, found: Facts, confirms = false): Lack[] {
  const findings = found.findings.filter((one) => !draft.without.includes(one.finding_id));
  const severities = new Set(findings.map((one) => one.severity));
  const against = found.findings.some((one) => one.severity === "contradiction" && !one.explanation);
  const awaited = new Set(found.evidence.filter((one) => one.original === "awaited").map((one) => one.evidence_id));
  const seen = findings.flatMap((one) => one.places.map((place) => place.evidence_id));
  const lacks: Lack[] = [];
  if (!draft.verdict) lacks.push("verdict");
  if (!draft.summary.trim()) lacks.push("summary");
  if (found.info_tasks.some((task) => task.state === "open" && task.blocking)) lacks.push("info_task_open");
  if (found.checks.some((one) => one.required && !one.outcome)) lacks.push("check_open");
  const opinion = found.second_opinion;
  if (opinion && !opinion.answered_at && !opinion.withdrawn_at) lacks.push("second_opinion_open");
  if (seen.some((id) => awaited.has(id))) lacks.push("original_awaited");
  if (found.findings.some((one) => draft.without.includes(one.finding_id) && !draft.reasons[one.finding_id]?.trim()))
    lacks.push("finding_left_out");
  switch (draft.verdict) {
    case "clean":
      if (!severities.has("confirmed") && !confirms) lacks.push("finding_needed");
      // Left out or not: the car is not clean as long as nobody has explained it.
      if (against) lacks.push("contradiction_unresolved");
      break;
    case "doubts":
    case "forgery_signs":
      if (!findings.some((one) => one.severity !== "confirmed" && !one.explanation)) lacks.push("finding_needed");
      break;
    case "insufficient_data":
      if (!lines(draft.notCovered).length) lacks.push("not_covered_needed");
  }
  return lacks;
}

/** One thing a line. */
export function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
