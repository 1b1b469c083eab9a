/** Keeps a draft on the server as it is here, sends it to the experts, and has it forgotten. */

import { newId, once, unwrap } from "$kit/api/unwrap";
import { api, type Shot, type ShotAnswer } from "../api/client";
import { claimOf } from "../drafts/advert";
import type { Draft } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { broughtTo, finish, tellShots } from "./by-link";
import { orRefused } from "./refusals";

/** Make the draft on the server, or tell it what was changed. */
export async function forward(draft: Draft): Promise<void> {
  if (draft.byLink) return tellShots(draft, draft.byLink.told);
  // What was taken away is taken away there, too.
  const claim = {
    identifier: draft.identifier || null,
    identifier_kind: draft.identifier ? draft.kind : null,
    as_seen: Boolean(draft.identifier && draft.asSeen),
    plate: draft.plate || null,
    ...claimOf(draft.advert ?? {}),
  };
  await orRefused(
    async () => {
      if (draft.inspectionId === undefined) draft = { ...draft, inspectionId: await begun(draft) };
      if (!draft.dirty || !drafts.draft(draft.id)) return;
      const inspectionId = draft.inspectionId ?? "";
      const params = { path: { inspection_id: inspectionId } };
      const answers = answersOf(draft);
      const others = draft.given ? (await broughtTo(inspectionId)).shot_answers : [];
      const shot_answers = [...answers, ...others.filter((one) => !answers.some(({ shot }) => shot === one.shot))];
      const body = { claim, worry: draft.worry || null, shot_answers, ...draft.inNameOf };
      await unwrap(api.PATCH("/api/v1/inspections/{inspection_id}", { params, body }));
      // Only if it was not edited meanwhile.
      if (drafts.draft(draft.id)?.changedAt === draft.changedAt) await drafts.change(draft.id, { dirty: false });
    },
    // One that was deleted on another device goes from here, too.
    (problem, params) =>
      params["state"] === "cancelled" ? drafts.remove(draft.id) : drafts.change(draft.id, { problem, state: "editing" }),
  );
}

/** Send it to the experts; returns whether there is something new to be told first, and it has to be done again. */
export async function submit(draft: Draft): Promise<boolean> {
  // What was written since this began must be there before it is sent.
  if (draft.dirty) await forward(draft);
  const current = drafts.draft(draft.id);
  if (current?.state !== "sending" || current.dirty) return true;
  const { inspectionId } = draft;
  if (inspectionId === undefined) return false;
  if (drafts.photosOf(draft.id).some((photo) => !photo.evidenceId && photo.state !== "refused")) return false;
  if (draft.byLink) {
    await finish(draft);
    return false;
  }
  await orRefused(
    async () => {
      const params = { path: { inspection_id: inspectionId }, header: once(draft.submitKey) };
      await unwrap(api.POST("/api/v1/inspections/{inspection_id}/submit", { params }));
      await drafts.change(draft.id, { state: "sent" });
    },
    // The answer to this key is a refusal for good: the next attempt is another one.
    (problem) => drafts.change(draft.id, { problem, state: "editing", submitKey: newId() }),
  );
  return false;
}

/** What is said of shots, in place of photos or besides them. */
function answersOf({ shotAnswers = {} }: Draft): { shot: Shot; answer: ShotAnswer }[] {
  return (Object.keys(shotAnswers) as Shot[]).flatMap((shot) => {
    const answer = shotAnswers[shot];
    return answer ? [{ shot, answer }] : [];
  });
}

/** Make the draft on the server; returns its id there, the same whenever it is asked for. */
async function begun({ id }: Draft): Promise<string> {
  await drafts.change(id, { asked: true });
  const made = await unwrap(api.POST("/api/v1/inspections", { params: { header: once(id) }, body: { claim: {} } }));
  await drafts.change(id, { inspectionId: made.id });
  return made.id;
}

/** Have the server forget what was deleted here. What it refuses it has forgotten already, or it was sent before. */
export async function deleteThere(draft: Draft): Promise<void> {
  await orRefused(
    async () => {
      const inspection_id = draft.inspectionId ?? (await begun(draft));
      const params = { path: { inspection_id }, header: once(newId()) };
      await unwrap(api.POST("/api/v1/inspections/{inspection_id}/cancellation", { params, body: {} }));
    },
    () => Promise.resolve(),
  );
  await drafts.remove(draft.id);
}
