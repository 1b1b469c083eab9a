/** The photos of a case in the order in which they are looked at. */

import type { Case, Evidence } from "../../api/client";

/** As they came; but what was asked for again stands right behind the photo on which the place was marked. */
export function inOrder({ evidence, info_tasks }: Pick<Case, "evidence" | "info_tasks">): Evidence[] {
  const asked = new Map(info_tasks.map((task) => [task.task_id, task.place?.evidence_id]));
  const known = new Set(evidence.map((photo) => photo.evidence_id));
  const behind = new Map<string | undefined, Evidence[]>();
  for (const photo of evidence) {
    const before = photo.info_task_id ? asked.get(photo.info_task_id) : undefined;
    const place = before && known.has(before) && before !== photo.evidence_id ? before : undefined;
    behind.set(place, [...(behind.get(place) ?? []), photo]);
  }
  const withItsAnswers = (photo: Evidence): Evidence[] => [photo, ...(behind.get(photo.evidence_id) ?? []).flatMap(withItsAnswers)];
  return (behind.get(undefined) ?? []).flatMap(withItsAnswers);
}
