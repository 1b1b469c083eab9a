import { expect, test } from "vitest";
import { found, onto, pieces } from "./marked";

function seen(text: string, marks: readonly (readonly number[])[]): string {
  return pieces(text, marks).map((one) => (one.marked ? `[${one.text}]` : one.text)).join("");
}

test("what is marked stands in pieces of its own", () => {
  expect(seen("XTA211240Y2765432", [[11, 17]])).toBe("XTA211240Y2[765432]");
  expect(seen("abc", [])).toBe("abc");
  expect(seen("abc", [[0, 3]])).toBe("[abc]");
  expect(seen("", [[0, 3]])).toBe("");
});

test("marks count characters, whatever they are made of", () => {
  expect(seen("🚗🚗 знак", [[3, 7]])).toBe("🚗🚗 [знак]");
});

test("marks in any order, over one another or beyond the text, mark each character once", () => {
  expect(seen("abcdef", [[3, 5], [0, 1], [4, 9]])).toBe("[a]bc[def]");
  expect(seen("abcdef", [[-3, 1], [4, 4], [5, 2]])).toBe("[a]bcdef");
});

test("a long text is shown around its first mark, whole marks and no more than fits", () => {
  const long = `${"x".repeat(1000)}НАШЛИ${"y".repeat(1000)}`;
  const text = seen(long, [[1000, 1005]]);
  expect(text).toMatch(/^…x+\[НАШЛИ\]y+…$/);
  expect(text.length).toBeLessThan(240);
  expect(seen("x".repeat(1000), [])).toMatch(/^x+…$/);
  expect(seen(`${"x".repeat(1000)}Z`, [[1000, 1001]])).toMatch(/^…x+\[Z\]$/);
});

test("a number that people read in groups is marked where the one that is looked for is", () => {
  const marked = (shown: string, key: string, marks: readonly (readonly number[])[]): string => seen(shown, onto(shown, key, marks)!);
  expect(marked("XTA 211240 Y2765432", "XTA211240Y2765432", [[13, 17]])).toBe("XTA 211240 Y276[5432]");
  expect(marked("XTA 211240 Y2765432", "XTA211240Y2765432", [[0, 5], [9, 10]])).toBe("[XTA 21]1240 [Y]2765432");
  expect(marked("А 123 ВС 77", "A123BC77", [[0, 8]])).toBe("[А 123 ВС 77]");
  expect(onto("XTA 211240 Y2765432", "XTA211240Y2765433", [[0, 5]])).toBeUndefined();
  expect(onto("—", "A", [[0, 1]])).toBeUndefined();
});

test("of what was not written to be read only what is marked is shown, each once", () => {
  expect(found("Skoda Octavia Škoda шкода SKODA", [[0, 5], [20, 25], [26, 31]])).toEqual([
    { text: "Skoda", marked: true },
    { text: ", ", marked: false },
    { text: "шкода", marked: true },
  ]);
  expect(found("Skoda", [])).toEqual([]);
});
