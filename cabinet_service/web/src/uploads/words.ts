/** Sends what was written to the experts. */

import { newId, once, unwrap } from "$kit/api/unwrap";
import { api } from "../api/client";
import type { Answer, Refused, Words } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { tell } from "./afterwards";
import { orRefused } from "./refusals";

/**
 * Answer a question, once the server has the original of every photo that belongs to it: the clock runs on then. That
 * it cannot be answered waits for none.
 */
export async function reply(answer: Answer): Promise<void> {
  const { taskId, inspectionId, text, refusal, key, of } = answer;
  if (of) return tell(answer, of);
  const params = { path: { inspection_id: inspectionId, task_id: taskId }, header: once(key) };
  const refused = (problem: Refused): Promise<void> =>
    drafts.answer(taskId, inspectionId, { problem, state: "editing", refusal: undefined, key: newId() });
  if (refusal) {
    const body = { reason: refusal, ...(text ? { note: text } : {}) };
    return orRefused(async () => {
      await unwrap(api.POST("/api/v1/inspections/{inspection_id}/info-tasks/{task_id}/refusal", { params, body }));
      await drafts.removeAnswer(taskId);
    }, refused);
  }
  const photos = drafts.photos.filter((photo) => photo.infoTaskId === taskId && photo.state !== "refused");
  if (photos.some((photo) => photo.state !== "sent")) return;
  await orRefused(async () => {
    const evidence_ids = photos.flatMap((photo) => photo.evidenceId ?? []);
    const body = { evidence_ids, ...(text ? { answer: text } : {}) };
    await unwrap(api.POST("/api/v1/inspections/{inspection_id}/info-tasks/{task_id}/fulfilment", { params, body }));
    await drafts.removeAnswer(taskId);
  }, refused);
}

export async function say(words: Words): Promise<void> {
  await orRefused(
    async () => {
      const params = { path: { inspection_id: words.inspectionId }, header: once(words.id) };
      await unwrap(api.POST("/api/v1/inspections/{inspection_id}/messages", { params, body: { text: words.text } }));
      await drafts.removeWords(words.id);
    },
    (problem) => drafts.notSaid(words, problem),
  );
}
