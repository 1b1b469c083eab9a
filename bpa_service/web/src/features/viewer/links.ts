/** Links to photos: each is signed by cabinet and soon expires. */

import { Problem } from "$kit/api/problem";
import { unwrap } from "$kit/api/unwrap";
import { api } from "../../api/client";

export type Variant = "preview" | "original";

const EARLY = 30_000; // a link that is about to expire is no use
const MOST_TRIES = 20;
const links = new Map<string, Link & { until: number }>();

/** `incomplete`: a part of the picture is missing in the file, and shown grey. */
export interface Link {
  url: string;
  incomplete: boolean;
}

/** The address of a photo. One that is not decoded yet is waited for. Raises Problem or Offline. */
export async function linkTo(caseId: string, evidenceId: string, variant: Variant = "preview"): Promise<string> {
  return (await linkOf(caseId, evidenceId, variant)).url;
}

/** The same, and what is to be said of the photo. */
export async function linkOf(caseId: string, evidenceId: string, variant: Variant = "preview"): Promise<Link> {
  const key = `${evidenceId}/${variant}`;
  const kept = links.get(key);
  if (kept && kept.until > Date.now() + EARLY) return kept;
  const params = { path: { case_id: caseId, evidence_id: evidenceId }, query: { variant } };
  for (let tries = 1; ; tries++) {
    try {
      const { url, expires_at, incomplete = false } = await unwrap(api.GET("/api/v1/cases/{case_id}/evidence/{evidence_id}", { params }));
      links.set(key, { url, incomplete, until: Date.parse(expires_at) });
      return { url, incomplete };
    } catch (error) {
      const wait = error instanceof Problem && error.code === "evidence_not_ready" ? (error.retryAfter ?? 2) : 0;
      if (!wait || tries === MOST_TRIES) throw error;
      await new Promise((done) => setTimeout(done, wait * 1000));
    }
  }
}
