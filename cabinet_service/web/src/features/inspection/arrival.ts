/** How many of the photos of an inspection are with the experts. */

import type { Inspection } from "../../api/client";
import type { Photo } from "../../drafts/database";
import { inspectionOf } from "../../uploads/photos";

export interface Arrival {
  /** With the experts, whole or as a copy. */
  arrived: number;
  all: number;
  /** Of some they have a copy, and the original is still on this phone. */
  copies: boolean;
  refused: boolean;
}

/** `here` are the photos that this phone keeps. */
export function arrival(inspection: Inspection, here: readonly Photo[]): Arrival {
  const unsent = here.filter((photo) => photo.state !== "sent" && photo.state !== "held" && inspectionOf(photo) === inspection.id);
  const there = new Set(inspection.evidence.map(({ id }) => id));
  const missing = unsent.filter(({ evidenceId }) => !evidenceId || !there.has(evidenceId)).length;
  return {
    arrived: there.size,
    all: there.size + missing,
    copies: unsent.some((photo) => photo.copy === "sent"),
    refused: unsent.some((photo) => photo.state === "refused"),
  };
}
