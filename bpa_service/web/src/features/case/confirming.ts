/** What a clean answer rests on where nobody wrote it down: the checks that were found to be fine, and where. */

import { saidOf } from "../../ui/checks";
import type { Case, Place } from "../../api/client";

export interface Confirmation {
  text: string;
  places: Place[];
}

/** Nothing where something is confirmed already, or nothing was found to be fine. */
export function confirmationOf({ checks, evidence, findings }: Pick<Case, "checks" | "evidence" | "findings">): Confirmation | undefined {
  if (findings.some((one) => one.severity === "confirmed")) return undefined;
  const fine = checks.filter((one) => one.outcome === "ok");
  const places = evidence.filter((photo) => fine.some((one) => one.shot === photo.shot)).map(({ evidence_id }) => ({ evidence_id, region: null }));
  return fine.length ? { text: fine.map(saidOf).join("; "), places } : undefined;
}
