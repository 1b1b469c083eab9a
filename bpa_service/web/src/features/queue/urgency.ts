/** How much of its time a case has used: what the row says in colour, sign and number. */

import type { QueueRow } from "../../api/client";

export type Urgency = "calm" | "half" | "late" | "over" | "standing";

export interface Left {
  /** Negative once the time is overdrawn; it does not move while the clock stands still. */
  seconds: number;
  urgency: Urgency;
}

/** Read the row at `now`, in milliseconds of the server's time. */
export function left({ reckoning }: Pick<QueueRow, "reckoning">, now: number): Left {
  const standing = reckoning.due_at == null;
  const passed = standing ? 0 : (now - Date.parse(reckoning.at)) / 1000;
  const seconds = reckoning.remaining_seconds - passed;
  const budget = reckoning.used_seconds + reckoning.remaining_seconds;
  return { seconds, urgency: standing ? "standing" : urgencyOf(seconds, budget) };
}

/** How many seconds there are to claim a case for the first time; undefined once it was claimed, or late. */
export function claimIn(row: Pick<QueueRow, "reckoning" | "claim_in_seconds">, now: number): number | undefined {
  if (row.claim_in_seconds === null) return undefined;
  const passed = row.reckoning.due_at == null ? 0 : (now - Date.parse(row.reckoning.at)) / 1000;
  return Math.max(0, row.claim_in_seconds - passed);
}

function urgencyOf(seconds: number, budget: number): Urgency {
  if (seconds <= 0) return "over";
  if (seconds <= budget / 4) return "late";
  return seconds <= budget / 2 ? "half" : "calm";
}
