/** What happened to the queue while nobody looked at the desk. */

import type { QueueRow } from "../../api/client";

const LONG_ENOUGH = 60_000;

export interface Changes {
  since: Date;
  /** Cases that were not there before, that are there no more, that somebody else took, that ran out of time. */
  fresh: number;
  gone: number;
  taken: number;
  overdue: number;
}

class Away {
  changes = $state.raw<Changes>();
  private left: { at: Date; rows: readonly QueueRow[]; view: string } | undefined;

  /** Nobody looks any more. */
  leave(rows: readonly QueueRow[], view: string): void {
    this.left ??= { at: new Date(), rows, view };
  }

  /** Somebody looks again, at these rows. */
  comeBack(rows: readonly QueueRow[], view: string): void {
    const { left } = this;
    this.left = undefined;
    if (!left || left.view !== view || Date.now() - left.at.getTime() < LONG_ENOUGH) return;
    const changes = compared(left.rows, rows, left.at);
    if (changes.fresh + changes.gone + changes.taken + changes.overdue > 0) this.changes = changes;
  }
}

/** What became of `before`, a moment later. */
export function compared(before: readonly QueueRow[], after: readonly QueueRow[], since: Date): Changes {
  const [known, now] = [new Map(before.map((row) => [row.id, row])), new Set(after.map((row) => row.id))];
  const changes = { since, fresh: 0, gone: before.filter((row) => !now.has(row.id)).length, taken: 0, overdue: 0 };
  for (const row of after) {
    const was = known.get(row.id);
    if (!was) changes.fresh += 1;
    else if (row.holder && row.holder.expert_id !== was.holder?.expert_id) changes.taken += 1;
    if (row.reckoning.breached && !was?.reckoning.breached) changes.overdue += 1;
  }
  return changes;
}

export const away = new Away();
