/** What is brought by a link to a car: sent from where it is, and seen by who gave it. */

import { unwrap } from "$kit/api/unwrap";
import { api, type Inspection, type Shot, type ShotAnswer } from "../api/client";
import type { Draft } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { orRefused } from "./refusals";

/** Say of each shot what was changed since the server was `told`. */
export async function tellShots(draft: Draft, told: Partial<Record<Shot, ShotAnswer>>): Promise<void> {
  if (!draft.dirty) return;
  const said = draft.shotAnswers ?? {};
  const changed = (Object.keys({ ...told, ...said }) as Shot[]).filter((shot) => said[shot] !== told[shot]);
  await orRefused(
    async () => {
      for (const shot of changed) {
        const params = { path: { shot } };
        await unwrap(api.PUT("/api/v1/yard/shots/{shot}/answer", { params, body: { answer: said[shot] ?? null } }));
      }
    },
    // It was sent meanwhile: what was said in place of photos is asked for by the experts from now on.
    () => Promise.resolve(),
  );
  const isSame = drafts.draft(draft.id)?.changedAt === draft.changedAt;
  await drafts.change(draft.id, { byLink: { told: said }, ...(isSame ? { dirty: false } : {}) });
}

/** Say that all is done. More may be brought all the same. */
export async function finish(draft: Draft): Promise<void> {
  await orRefused(
    async () => {
      await unwrap(api.PUT("/api/v1/yard/done"));
      await drafts.change(draft.id, { state: "editing" });
    },
    (problem) => drafts.change(draft.id, { state: "editing", problem }),
  );
}

/** The inspection with what others have brought to it. */
export function broughtTo(inspection_id: string): Promise<Inspection> {
  return unwrap(api.GET("/api/v1/inspections/{inspection_id}", { params: { path: { inspection_id } } }));
}
