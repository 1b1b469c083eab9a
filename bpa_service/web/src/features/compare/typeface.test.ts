import { describe, expect, it } from "vitest";
import { looksOf, lightOf, mixed } from "./light";
import { Frame, raster } from "./raster";
import { laid, levelsAt, ownCells, type Lying } from "./register";
import { ACROSS, changed, changes, DOWN, kept, typefaceOf } from "./typeface";

/** An L, softly. */
const DEPTHS = ACROSS.map((u, at) => {
  const v = DOWN[at]!;
  const near = Math.min(Math.hypot(u + 0.2, Math.max(0, Math.abs(v) - 0.4)), Math.hypot(v - 0.4, Math.max(0, Math.abs(u) - 0.2)));
  return 1 / (1 + Math.exp((near - 0.06) / 0.02));
});
const UPRIGHT: Lying = { x: 60, y: 50, tall: 68, wide: 68, turn: 0, lean: 0 };

describe("a typeface", () => {
  it("is kept in a byte for each cell and read again", () => {
    const typeface = { name: "one", depths: new Map([["L", DEPTHS]]), natures: new Map([["L", [0.01, 0.02]]]) };
    const read = typefaceOf(kept(typeface));
    expect(read.natures.get("L")).toEqual([0.01, 0.02]);
    for (const [at, value] of read.depths.get("L")!.entries()) expect(Math.abs(value - DEPTHS[at]!)).toBeLessThan(0.01);
    expect(() => typefaceOf({ name: "x", step: 1, depths: { L: "AAAA" } })).toThrow(RangeError);
  });

  it("turns changes around exactly, at the sides of its grid, too", () => {
    const [one, other] = [DEPTHS.map((_, at) => Math.sin(at * at)), DEPTHS.map((_, at) => Math.cos(at * 3.7))];
    const { right, down } = changes(one);
    const sum = (left: Float32Array, factors: Float32Array): number => left.reduce((total, value, at) => total + value * factors[at]!, 0);
    expect(sum(right, other) + sum(down, one)).toBeCloseTo(sum(one, changed(other, one)), 0);
  });

  it("is seen in any light, and a character that was moved, turned or struck taller is found", () => {
    const looks = looksOf(DEPTHS);
    const shown = mixed(looks, [-0.3, 0.4, -0.2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const [tall, turn, right] = [1.06, 0.07, 4];
    const picture = raster(120, 100);
    for (let y = 0; y < 100; y++) {
      for (let x = 0; x < 120; x++) {
        const [dx, dy] = [x - 60 - right, y - 50];
        const u = (dx * Math.cos(turn) + dy * Math.sin(turn)) / 68;
        const v = (dy * Math.cos(turn) - dx * Math.sin(turn)) / (68 * tall);
        const [column, row] = [u * 34 + 15, v * 34 + 19.5];
        if (column < 0 || row < 0 || column >= 30 || row >= 39) continue;
        const [left, top] = [Math.floor(column), Math.floor(row)];
        const at = (r: number, c: number): number => shown[r * 31 + c]!;
        const upper = at(top, left) * (1 - (column % 1)) + at(top, left + 1) * (column % 1);
        const lower = at(top + 1, left) * (1 - (column % 1)) + at(top + 1, left + 1) * (column % 1);
        picture.data[y * 120 + x] = upper * (1 - (row % 1)) + lower * (row % 1);
      }
    }
    const frame = new Frame(picture, 0);
    const found = laid(picture, frame, shown, UPRIGHT, 60, { lean: false, narrow: 1, likely: UPRIGHT, off: 0.06 }, 20);
    expect(found.x - 60).toBeCloseTo(right, 0);
    expect(found.tall / 68).toBeCloseTo(tall, 1.7);
    expect(found.turn).toBeCloseTo(turn, 1.7);
    const levels = levelsAt(picture, frame, found);
    const factors = lightOf([{ levels, own: ownCells(found, 60), looks, weight: 1 }]);
    expect(factors[0]).toBeLessThan(0);
  });
});
