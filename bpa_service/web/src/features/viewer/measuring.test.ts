import { describe, expect, it } from "vitest";
import { angleOf, lengthOf } from "./measuring";

const O = { x: 10, y: 10 };

describe("a line on a photo", () => {
  it("has its length in pixels", () => {
    expect(lengthOf({ from: O, to: { x: 13, y: 14 } })).toBe(5);
  });

  it.each([
    [20, 10, 0],
    [0, 10, 0],
    [20, 0, 45],
    [0, 20, 45],
    [20, 20, -45],
    [10, 0, 90],
    [10, 20, 90],
  ])("to (%d, %d) lies at %d degrees, whichever end was drawn first", (x, y, expected) => {
    expect(angleOf({ from: O, to: { x, y } })).toBeCloseTo(expected);
  });
});
