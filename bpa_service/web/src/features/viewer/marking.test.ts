import { describe, expect, it } from "vitest";
import { between, byKey, isLargeEnough, START } from "./marking";

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "a"];

describe("the frame", () => {
  it("stays on the photo and is never too small to be seen, whatever keys are pressed", () => {
    let frame = START;
    let dice = 7;
    for (let press = 0; press < 3000; press++) {
      dice = (dice * 1103515245 + 12345) % 2147483648;
      frame = byKey(frame, KEYS[dice % 5] ?? "a", dice % 7 < 3);
      expect(frame.x).toBeGreaterThanOrEqual(0);
      expect(frame.y).toBeGreaterThanOrEqual(0);
      expect(frame.x + frame.width).toBeLessThanOrEqual(1 + 1e-9);
      expect(frame.y + frame.height).toBeLessThanOrEqual(1 + 1e-9);
      expect(Math.min(frame.width, frame.height)).toBeGreaterThanOrEqual(0.02);
    }
  });

  it("is the same from whichever corner it is drawn, and ends at the photo's edge", () => {
    const drawn = between({ x: 0.2, y: 0.3 }, { x: 1.4, y: -0.5 });
    expect(drawn).toEqual({ x: 0.2, y: 0, width: 0.8, height: 0.3 });
    expect(between({ x: 1.4, y: -0.5 }, { x: 0.2, y: 0.3 })).toEqual(drawn);
  });

  it("is none where the pointer hardly moved", () => {
    expect(isLargeEnough(between({ x: 0.5, y: 0.5 }, { x: 0.501, y: 0.7 }))).toBe(false);
    expect(isLargeEnough(START)).toBe(true);
  });
});
