/** Links to the cars of a list, for whoever stands at them. */

import { newId } from "$kit/api/unwrap";
import { give, linksOf } from "../yard/given";
import type { JobRow } from "./bulk";

const DAYS = 3;
const NEEDED: ReadonlySet<unknown> = new Set(["draft", "submitted", "queued", "in_work", "waiting_client", "second_opinion"]);

/** Whether somebody at the car may still have something to do. */
export const isNeededThere = (row: JobRow): boolean => row.inspection_id !== null && NEEDED.has(row.inspection_state);

/** The link that works already, or a new one. With `maySubmit` whoever is done there sends it to the experts. */
export async function linkTo(inspection: string, maySubmit: boolean): Promise<string> {
  const live = (await linksOf(inspection)).find((one) => one.url !== null && one.may_submit === maySubmit);
  const wish = { days: DAYS, label: null, may_submit: maySubmit, shows_note: false };
  return (live ?? (await give(inspection, wish, newId()))).url ?? "";
}
