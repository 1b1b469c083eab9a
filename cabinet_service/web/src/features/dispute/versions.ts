/** All versions of an answer, the oldest first: as the server tells them, or where there is no network as it did. */

import { api, type Decision } from "../../api/client";
import { unwrap } from "$kit/api/unwrap";
import { session } from "../../api/session.svelte";
import { keep, recall } from "../../drafts/kept";

export async function versionsOf(inspectionId: string): Promise<readonly Decision[]> {
  const whose = session.account;
  const keptAs = `${inspectionId} versions`;
  try {
    const params = { path: { inspection_id: inspectionId } };
    const told = await unwrap(api.GET("/api/v1/inspections/{inspection_id}/decisions", { params }));
    if (whose !== undefined && session.account === whose) await keep(whose, keptAs, told);
    return told;
  } catch (error) {
    const kept = whose === undefined ? undefined : await recall(whose, keptAs);
    if (!kept) throw error;
    return kept.told as readonly Decision[];
  }
}
