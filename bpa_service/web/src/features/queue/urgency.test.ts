import { describe, expect, it } from "vitest";
import { left } from "./urgency";

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
