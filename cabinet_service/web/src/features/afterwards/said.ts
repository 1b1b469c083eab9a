/** What the client has said of an answer: as the server knows it, or as it waits on this phone. */

import { api, type Schemas } from "../../api/client";
import { unwrap } from "$kit/api/unwrap";
import { session } from "../../api/session.svelte";
import { keep, recall } from "../../drafts/kept";

export type Said = Schemas["AfterwardsOut"];

/** As the server tells it, or where there is no network as it did. */
export async function saidOf(inspectionId: string): Promise<Said> {
  const whose = session.account;
  const keptAs = `${inspectionId} afterwards`;
  try {
    const params = { path: { inspection_id: inspectionId } };
    const told = await unwrap(api.GET("/api/v1/inspections/{inspection_id}/afterwards", { params }));
    if (whose !== undefined && session.account === whose) await keep(whose, keptAs, told);
    return told;
  } catch (error) {
    const kept = whose === undefined ? undefined : await recall(whose, keptAs);
    if (!kept) throw error;
    return kept.told as Said;
  }
}
