/** What a clean answer rests on where nobody wrote it down: the number that is everywhere the same, and what was found fine. */

import { saidOf } from "../../ui/checks";
import type { Case, Place, Shot } from "../../api/client";

export interface Confirmation {
  text: string;
  places: Place[];
}

const ENOUGH = 2;

/**
 * Nothing where something is confirmed already, or nothing was found to be fine. `agreeing` are the photos on which one
 * number was accepted, and `same` says of such photos that it is the same there.
 */
export function confirmationOf(
  { checks, evidence, findings }: Pick<Case, "checks" | "evidence" | "findings">,
  agreeing: readonly Place[],
  same: (shots: readonly Shot[]) => string,
): Confirmation | undefined {
  if (findings.some((one) => one.severity === "confirmed")) return undefined;
  const numbers = agreeing.length < ENOUGH ? [] : agreeing;
  const fine = checks.filter((one) => one.outcome === "ok");
  if (!fine.length && !numbers.length) return undefined;
  const onPhotos = evidence.filter((photo) => fine.some((one) => one.shot === photo.shot)).map(({ evidence_id }) => ({ evidence_id, region: null }));
  const elsewhere = onPhotos.filter((place) => !numbers.some((one) => one.evidence_id === place.evidence_id));
  const shots = evidence.filter((photo) => numbers.some((one) => one.evidence_id === photo.evidence_id)).map((one) => one.shot);
  const said = [...(numbers.length ? [same(shots)] : []), ...fine.map(saidOf)];
  return { text: said.join("; "), places: [...numbers, ...elsewhere] };
}
