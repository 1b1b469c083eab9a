/** What is out of the ordinary about a case, the weightiest first: the first one stands in words, the others as icons. */

import type { IconName } from "$kit/ui/Icon.svelte";
import { stopwatch } from "$kit/i18n/format";
import t from "$messages/queue/flags";
import type { QueueRow } from "../../api/client";
import { claimIn } from "./urgency";

export interface Flag {
  icon: IconName;
  text: string;
}

/** `others` are those who have it open now. */
export function flagsOf(row: QueueRow, now: number, others: readonly string[]): Flag[] {
  const toClaim = claimIn(row, now);
  const { known } = row;
  const all: [boolean, IconName, () => string][] = [
    [row.urgent, "zap", () => t().urgent],
    [row.disputed, "scale", () => t().disputed],
    [row.claim_late, "circle-alert", () => t().late],
    [toClaim !== undefined, "clock", () => t().claim({ left: stopwatch(toClaim ?? 0) })],
    [known.same_photo, "images", () => t().samePhoto],
    [known.similar_photo && !known.same_photo, "images", () => t().similarPhoto],
    [known.other_plate, "triangle-alert", () => t().otherPlate],
    [known.tied, "car-front", () => t().tied],
    [known.open_elsewhere && !known.tied, "car-front", () => t().openElsewhere],
    [known.other_cases > 0, "history", () => t().otherCases({ count: known.other_cases })],
    [row.needs_second_expert, "users", () => t().second],
    [row.open_tasks > 0, "message-circle-question-mark", () => t().asked({ count: row.open_tasks })],
    [others.length > 0, "circle-user-round", () => t().here({ names: others.join(", ") })],
  ];
  return all.flatMap(([is, icon, text]) => (is ? [{ icon, text: text() }] : []));
}
