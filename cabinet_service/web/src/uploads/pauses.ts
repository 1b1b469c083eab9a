/** How long to leave alone what failed: longer each time, or as long as the server wishes. */

import { Problem } from "$kit/api/problem";

export const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

/** How long to wait after an error: as the server wishes, or else for the pause that it is the turn of. */
export function pauseAfter(error: unknown, pause: number): number {
  const wished = error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : pause;
  return wished * (0.75 + Math.random() / 2);
}

export function longer(pause: number): number {
  return Math.min(LONGEST_PAUSE, pause * 2);
}

/** What rests by itself, each for as long as it failed often. */
export class Resting {
  private readonly failed = new Map<string, { until: number; pause: number }>();

  has(id: string): boolean {
    return (this.failed.get(id)?.until ?? 0) > Date.now();
  }

  add(id: string, error: unknown): void {
    const pause = this.failed.get(id)?.pause ?? FIRST_PAUSE;
    this.failed.set(id, { until: Date.now() + pauseAfter(error, pause), pause: longer(pause) });
  }

  delete(id: string): void {
    this.failed.delete(id);
  }

  clear(): void {
    this.failed.clear();
  }

  /** When the first of them may be tried again; nothing where none rests. */
  next(): number | undefined {
    return this.failed.size ? Math.min(...[...this.failed.values()].map(({ until }) => until)) : undefined;
  }
}
