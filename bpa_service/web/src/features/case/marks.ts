/** What is marked on a photo: places of findings by their number, of questions, and those that are being spoken of. */

import type { Case, Place, Region } from "../../api/client";

export interface Mark {
  region: Region;
  /** The number of the finding; nothing for what is none. */
  label: string;
}

export function marksOn({ findings, info_tasks }: Pick<Case, "findings" | "info_tasks">, evidenceId: string, spoken: readonly (Place | undefined)[]): Mark[] {
  const all: [Place | null | undefined, string][] = [
    ...findings.flatMap((one, number) => one.places.map((place): [Place, string] => [place, String(number + 1)])),
    ...info_tasks.map((one): [Place | null | undefined, string] => [one.place, "?"]),
    ...spoken.map((place): [Place | undefined, string] => [place, ""]),
  ];
  return all.flatMap(([place, label]) => (place?.evidence_id === evidenceId && place.region ? [{ region: place.region, label }] : []));
}
