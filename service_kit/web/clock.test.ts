import { describe, expect, it } from "vitest";
import { reckon } from "./clock";

const START = Date.parse("2026-03-01T10:00:00Z");
const at = (minutes: number): number => START + minutes * 60_000;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();
const pause = (from: number, to: number | null) => ({
  ref: "0198c0de-0000-7000-8000-000000000001",
  cause: "client_info" as const,
  started_at: iso(from),
  ended_at: to === null ? null : iso(to),
});
const facts = (pauses: ReturnType<typeof pause>[] = [], stopped: number | null = null) => ({
  number: 1,
  started_at: iso(0),
  budget_seconds: 1200,
  pauses,
  stopped_at: stopped === null ? null : iso(stopped),
});

describe("the clock", () => {
  it("runs from the start, and is due when the budget is gone", () => {
    const read = reckon(facts(), at(7));
    expect(read).toMatchObject({ used: 420, paused: 0, remaining: 780, standing: false, stopped: false });
    expect(read.dueAt).toEqual(new Date(at(20)));
  });

  it("stands still in a pause, whenever it is looked at", () => {
    for (const minute of [6, 9, 50]) {
      expect(reckon(facts([pause(5, null)]), at(minute))).toMatchObject({ used: 300, standing: true, dueAt: undefined });
    }
  });

  it("counts time in two pauses once", () => {
    const read = reckon(facts([pause(2, 6), pause(4, 8), pause(10, 11)]), at(15));
    expect(read).toMatchObject({ paused: 7 * 60, used: 8 * 60 });
    expect(read.dueAt).toEqual(new Date(at(27)));
  });

  it("keeps what it said when it stopped", () => {
    expect(reckon(facts([pause(3, 5)], 12), at(500))).toMatchObject({ used: 600, remaining: 600, stopped: true });
  });

  it("is overdrawn past its budget", () => {
    expect(reckon(facts(), at(23)).remaining).toBe(-180);
  });

  it("does not run before its start, as a phone with a wrong clock may have it", () => {
    expect(reckon(facts(), at(-60))).toMatchObject({ used: 0, remaining: 1200 });
  });
});
