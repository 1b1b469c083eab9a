/**
 * What happened to a case since an expert gave their verdict. What changes nothing that it says or rests on lets it
 * pass; what the client says or shows is for its author to read first; the rest makes it another case.
 */

import type { Case, Schemas } from "../../api/client";

export interface Meanwhile {
  /** The client's words, the first one first. */
  messages: Schemas["MessageOut"][];
  /** How many photos came. */
  photos: number;
  /** How many questions the client answered, or said that they cannot. */
  answers: number;
  /** Something else that a verdict depends on. */
  other: boolean;
}

export function meanwhile(seen: Case, now: Case): Meanwhile {
  const known = new Set(seen.messages.map((one) => one.message_id));
  const photos = new Set(seen.evidence.map((one) => one.evidence_id));
  const open = new Set(seen.info_tasks.filter((one) => one.state === "open").map((one) => one.task_id));
  return {
    messages: now.messages.filter((one) => one.side === "client" && !known.has(one.message_id)),
    photos: now.evidence.filter((one) => !photos.has(one.evidence_id)).length,
    answers: now.info_tasks.filter((one) => open.has(one.task_id) && ["fulfilled", "declined"].includes(one.state)).length,
    other: basis(seen) !== basis(now),
  };
}

/** Whether the client did anything that the author of a verdict has not seen. */
export function fromClient({ messages, photos, answers }: Meanwhile): boolean {
  return messages.length + photos + answers > 0;
}

/** All that a verdict rests on and depends on, except for what the client does. */
function basis(of: Case): string {
  const opinion = of.second_opinion;
  return JSON.stringify([
    of.holder?.expert_id,
    of.disputed,
    of.ended_at,
    of.decisions.map((one) => one.version),
    of.findings.map((one) => [one.finding_id, one.changed_at, one.explanation]),
    of.checks.filter((one) => one.required && !one.outcome).map((one) => one.check_id),
    opinion && [opinion.second_opinion_id, opinion.answered_at, opinion.withdrawn_at],
    of.info_tasks.map((one) => one.task_id),
  ]);
}
