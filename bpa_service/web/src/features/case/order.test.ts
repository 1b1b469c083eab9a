import { expect, test } from "vitest";
import { inOrder, moved } from "./order";

const FOUND = ["a", "b", "c"].map((finding_id) => ({ finding_id }));
const told = (ordered: readonly string[]): string => inOrder(FOUND, ordered).map((one) => one.finding_id).join("");

test("what is in no order keeps its own, after what is", () => {
  expect(told([])).toBe("abc");
  expect(told(["c"])).toBe("cab");
  expect(told(["c", "gone", "b"])).toBe("cba");
});

test("one changes places with its neighbour, and the ends stay", () => {
  expect(moved(FOUND, "b", -1)).toEqual(["b", "a", "c"]);
  expect(moved(FOUND, "b", 1)).toEqual(["a", "c", "b"]);
  expect(moved(FOUND, "a", -1)).toEqual(["a", "b", "c"]);
  expect(moved(FOUND, "c", 1)).toEqual(["a", "b", "c"]);
  expect(moved(FOUND, "gone", 1)).toEqual(["a", "b", "c"]);
});

test("what is not told is no place", () => {
  expect(moved(FOUND, "c", -1, ["b"])).toEqual(["c", "b", "a"]);
  expect(moved(FOUND, "a", 1, ["b"])).toEqual(["c", "b", "a"]);
  expect(moved(FOUND, "b", -1, ["a"])).toEqual(["a", "b", "c"]);
});
