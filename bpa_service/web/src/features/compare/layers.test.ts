import { describe, expect, it } from "vitest";
import { begun, differences, equal } from "./characters";
import { differing, ghost, layered, struck } from "./layers";
import type { Pixels } from "../viewer/develop";

function pictures(count: number): Pixels[] {
  let dice = 3;
  const roll = (): number => (dice = (dice * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length: count }, () => ({
    width: 20,
    height: 30,
    data: Uint8ClampedArray.from({ length: 2400 }, (_, at) => (at % 4 === 3 ? 255 : roll() * 255)),
  }));
}

function each({ data }: Pixels, sees: (red: number, green: number, blue: number) => void): void {
  for (let at = 0; at < data.length; at += 4) sees(data[at]!, data[at + 1]!, data[at + 2]!);
}

describe("two characters over each other", () => {
  const all = pictures(12);

  it("are grey where they are the same, and differ in nothing", () => {
    for (const one of all) {
      each(layered(one, one, 0.5), (red, green, blue) => expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(10));
      expect(new Set(differing(one, one).data).size).toBeLessThanOrEqual(4);
    }
  });

  it("are orange where there is A alone and blue where there is B alone: never red", () => {
    for (const [at, one] of all.entries()) {
      const other = all[(at + 1) % all.length]!;
      each(layered(one, other, 0), (red, _, blue) => expect(red).toBeGreaterThanOrEqual(blue - 8));
      each(layered(one, other, 1), (red, _, blue) => expect(blue).toBeGreaterThanOrEqual(red));
      for (const made of [layered(one, other, 0.5), differing(one, other)]) {
        each(made, (red, green) => expect(green).toBeGreaterThan(0.4 * red));
      }
    }
  });

  it("do not depend on how strong the light was", () => {
    for (const one of all) {
      const darker = { ...one, data: one.data.map((level, at) => (at % 4 === 3 ? 255 : Math.round(level / 2))) };
      const [before, after] = [struck(one), struck(darker)];
      for (const [at, value] of before.entries()) expect(Math.abs(value - after[at]!)).toBeLessThan(0.05);
    }
  });

  it("as a ghost are the one, then the other", () => {
    const [one, other] = [all[0]!, all[1]!];
    expect(ghost(one, other, 0).data).toEqual(one.data);
    expect(ghost(one, other, 1).data).toEqual(other.data);
  });
});

describe("equal characters", () => {
  const numbers = [
    { key: "body", letters: [..."SAL1A2A40SA606662"] },
    { key: "plate", letters: [..."SAL1A2A40"] },
  ];

  it("are grouped over all photos, the most frequent first", () => {
    const groups = equal(numbers);
    expect(groups[0]).toMatchObject({ character: "A" });
    expect(groups[0]?.members).toHaveLength(7);
    expect(groups.every(({ members }) => members.length > 1)).toBe(true);
    expect(begun(groups, "body")).toEqual(groups[0]?.members.slice(0, 2));
    expect(begun([], "body")).toEqual([{ key: "body", at: 0 }, { key: "body", at: 1 }]);
  });

  it("differ where another was read, or none", () => {
    expect(differences([[..."ABC"], [..."ABD"], [..."AB"]])).toEqual([
      [false, false, false],
      [false, false, true],
      [false, false, true],
    ]);
    expect(differences([])).toEqual([]);
  });
});
