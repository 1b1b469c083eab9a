/** What can be laid side by side: photos of the case. */

import type { Case } from "../../api/client";
import { shots } from "../../i18n/words";
import { linkTo } from "../viewer/links";

export interface Source {
  key: string;
  title: string;
  /** The photo of the case that it is, which a finding may rest on. */
  evidenceId?: string;
  /** Its address. Raises Problem or Offline. */
  url: () => Promise<string>;
}

export const MOST = 4;

/** The photos of the case, in its order. */
export function photosOf(found: Case): Source[] {
  return found.evidence.map((photo, place) => ({
    key: photo.evidence_id,
    title: `${place + 1} · ${shots()[photo.shot]}`,
    evidenceId: photo.evidence_id,
    url: () => linkTo(found.id, photo.evidence_id, photo.original === "held" ? "original" : "preview"),
  }));
}

/** What to begin with: the photo one came from, and beside it one of the same kind, or else the next one. */
export function begunWith(found: Case, evidenceId: string | null): string[] {
  const [first = found.evidence[0]] = found.evidence.filter((one) => one.evidence_id === evidenceId);
  if (!first) return [];
  const others = found.evidence.filter((one) => one !== first);
  const beside = others.find((one) => one.shot === first.shot) ?? others[0];
  return [first, beside].flatMap((one) => one?.evidence_id ?? []);
}
