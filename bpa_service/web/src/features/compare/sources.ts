/** What can be laid side by side: photos of the case, and exemplars of genuine stampings. */

import { unwrap } from "$kit/api/unwrap";
import { api, type Case, type Exemplar, type Shot } from "../../api/client";
import shots from "$messages/kit/shots";
import { inOrder } from "../case/photos";
import { linkTo } from "../viewer/links";

export interface Source {
  key: string;
  title: string;
  /** The photo of the case that it is; nothing for an exemplar. */
  evidenceId?: string;
  /** The exemplar that it is. */
  exemplar?: Exemplar;
  /** The SHA-256 of the picture. */
  of: string;
  /** Its address. Raises Problem or Offline. */
  url: () => Promise<string>;
}

export const MOST = 4;

/** The photos of the case, in its order. */
export function photosOf(found: Case): Source[] {
  return inOrder(found).map((photo, place) => ({
    key: photo.evidence_id,
    title: `${place + 1} · ${shots()[photo.shot]}`,
    evidenceId: photo.evidence_id,
    of: photo.sha256,
    url: () => linkTo(found.id, photo.evidence_id, photo.original === "held" ? "original" : "preview"),
  }));
}

/** The newest exemplars of the make and the year that the client claims, those of this kind of marking. */
export async function exemplarsFor(found: Case, marking: Shot | undefined): Promise<Source[]> {
  const { make, year } = found.claim;
  if (!make || !marking) return [];
  const query = { make, marking, limit: 50, ...(year ? { year } : {}) };
  const { items } = await unwrap(api.GET("/api/v1/exemplars", { params: { query } }));
  return items.map(asSource);
}

function asSource(exemplar: Exemplar): Source {
  const { id, make, model, plant, marking, year_from: first, year_to: last } = exemplar;
  const about = [make, model, plant, first && last ? `${first}–${last}` : (first ?? last)].filter(Boolean).join(" ");
  return {
    key: `exemplar ${id}`,
    title: `${about} · ${shots()[marking]}`,
    exemplar,
    of: exemplar.picture.sha256,
    url: () => Promise.resolve(`/api/v1/exemplars/${id}/picture`),
  };
}

/** What to begin with: the photo one came from, and beside it one of the same kind, or else the next one. */
export function begunWith(found: Case, evidenceId: string | null): string[] {
  const [first = found.evidence[0]] = found.evidence.filter((one) => one.evidence_id === evidenceId);
  if (!first) return [];
  const others = found.evidence.filter((one) => one !== first);
  const beside = others.find((one) => one.shot === first.shot) ?? others[0];
  return [first, beside].flatMap((one) => one?.evidence_id ?? []);
}
