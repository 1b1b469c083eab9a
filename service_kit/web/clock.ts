/**
 * The clock, read between two answers of the server by the same arithmetic (`shared_schemas/clock.py`): every
 * figure follows from recorded instants and the server's time. What the phone's own clock says does not matter.
 */

/** A clock as both APIs send it. */
export interface Facts {
  started_at: string;
  stopped_at?: string | null;
  budget_seconds?: number;
  pauses?: readonly { started_at: string; ended_at?: string | null }[];
}

export interface Reading {
  used: number;
  paused: number;
  /** Negative once the budget is overdrawn. */
  remaining: number;
  /** Undefined while the clock is paused: it then depends on when the pause ends. */
  dueAt: Date | undefined;
  stopped: boolean;
  standing: boolean;
}

/** Read the clock at `now` (milliseconds of the server's time). All lengths are in seconds. */
export function reckon(facts: Facts, now: number): Reading {
  const start = Date.parse(facts.started_at);
  const stop = facts.stopped_at ? Date.parse(facts.stopped_at) : undefined;
  const until = Math.max(start, Math.min(now, stop ?? now));
  const pauses = facts.pauses ?? [];
  const paused = covered(
    pauses.map((pause) => [
      Math.max(Date.parse(pause.started_at), start),
      Math.min(pause.ended_at ? Date.parse(pause.ended_at) : until, until),
    ]),
  );
  const budget = (facts.budget_seconds ?? 20 * 60) * 1000;
  const used = until - start - paused;
  const standing = stop === undefined && pauses.some((pause) => !pause.ended_at);
  return {
    used: used / 1000,
    paused: paused / 1000,
    remaining: (budget - used) / 1000,
    dueAt: standing ? undefined : new Date(start + budget + paused),
    stopped: stop !== undefined,
    standing,
  };
}

/** How long the spans are together; where they overlap, time counts once. */
function covered(spans: [number, number][]): number {
  let total = 0;
  let end = -Infinity;
  for (const [from, to] of spans.filter(([from, to]) => to > from).sort((one, other) => one[0] - other[0])) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}
