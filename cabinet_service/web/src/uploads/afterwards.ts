/** Sends what is said of an answer that was given. */

import { newId, once, unwrap } from "$kit/api/unwrap";
import { api } from "../api/client";
import type { Answer, OfAnswer } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { orRefused } from "./refusals";

/** Tell it; a dispute waits until the experts can see each photo that belongs to it, be it a copy. */
export async function tell(answer: Answer, of: OfAnswer): Promise<void> {
  const { taskId, inspectionId } = answer;
  const photos = drafts.photos.filter((one) => one.held === taskId && one.state !== "refused");
  if (photos.some((one) => !one.evidenceId)) return;
  await orRefused(
    async () => {
      await put(answer, of, photos.flatMap((one) => one.evidenceId ?? []));
      // From now on they are photos of the inspection like all others.
      for (const { id } of photos) await drafts.changePhoto(id, { held: undefined });
      await drafts.removeAnswer(taskId);
    },
    (problem) => drafts.answer(taskId, inspectionId, { problem, state: "editing", key: newId() }),
  );
}

async function put({ inspectionId, text, key }: Answer, of: OfAnswer, evidence_ids: string[]): Promise<void> {
  const path = { inspection_id: inspectionId };
  const { version } = of;
  const words = text.trim() || null;
  if (of.kind === "dispute") {
    const body = { reason: text.trim(), version, finding_ids: of.findings, evidence_ids };
    await unwrap(api.POST("/api/v1/inspections/{inspection_id}/disputes", { params: { path, header: once(key) }, body }));
  } else if (of.kind === "rating") {
    const body = { version, stars: of.stars, words };
    await unwrap(api.PUT("/api/v1/inspections/{inspection_id}/rating", { params: { path }, body }));
  } else {
    const body = { version, deal: of.deal ?? "thinking", proved: of.proved ?? "unknown", words } as const;
    await unwrap(api.PUT("/api/v1/inspections/{inspection_id}/outcome", { params: { path }, body }));
  }
}
