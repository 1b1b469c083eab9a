import { expect, test } from "vitest";
import { inOrder, moved, withMuted } from "./choices";

const usual = { muted: [], quiet_from: null, quiet_until: null, time_zone: "Europe/Moscow", kinds: [] };

test("channels that were put first go first, and those that are gone go nowhere", () => {
  const channels = ["telegram", "push", "email"];
  expect(inOrder({ ...usual, channels, order: ["email", "pigeon"] })).toEqual(["email", "telegram", "push"]);
});

test("moving goes as far as the ends", () => {
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
});

test("a pair is muted once, and is not any more", () => {
  const once = withMuted([{ kind: "late", channel: "email" }], "late", "push", true);
  expect(withMuted(once, "late", "push", true)).toEqual(once);
  expect(withMuted(once, "late", "push", false)).toEqual([{ kind: "late", channel: "email" }]);
});
