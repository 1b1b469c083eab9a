import { describe, expect, it } from "vitest";
import { claimIn, left } from "./urgency";

const AT = "2026-11-26T12:00:00Z";
const NOW = Date.parse(AT);

function row(used: number, due: string | null = "2026-11-26T12:20:00Z") {
  const remaining_seconds = 1200 - used;
  return {
    reckoning: {
      at: AT,
      used_seconds: used,
      remaining_seconds,
      due_at: due,
      paused_seconds: 0,
      wall_seconds: used,
      breached: used > 1200,
    },
  };
}

describe("what is left", () => {
  it.each([
    [0, 0, "calm", 1200],
    [600, 0, "half", 600],
    [590, 10, "half", 600],
    [900, 0, "late", 300],
    [1190, 10, "over", 0],
    [1200, 60, "over", -60],
  ])("after %d s and %d s more is %s", (used, later, urgency, seconds) => {
    expect(left(row(used), NOW + later * 1000)).toEqual({ seconds, urgency });
  });

  it("stays what it was while the clock stands still", () => {
    expect(left(row(900, null), NOW + 3_600_000)).toEqual({ seconds: 300, urgency: "standing" });
  });
});

describe("the time to claim a case", () => {
  it.each([
    [120, 0, 120],
    [120, 50, 70],
    [30, 50, 0],
    [null, 0, undefined],
  ])("of %s s is %d s later %s s", (claim_in_seconds, later, expected) => {
    expect(claimIn({ ...row(0), claim_in_seconds }, NOW + later * 1000)).toBe(expected);
  });

  it("stands while the clock stands", () => {
    expect(claimIn({ ...row(0, null), claim_in_seconds: 60 }, NOW + 3_600_000)).toBe(60);
  });
});
