import { expect, it } from "vitest";
import { placesOf } from "./places";

it.each([
  ["j", ["KeyJ"]],
  ["$mod+k", ["$mod+KeyK"]],
  ["3", ["Digit3", "3"]],
  ["/", ["Slash", "/", "Shift+/"]],
  ["Shift+?", ["Shift+Slash", "Shift+?"]],
  ["+", ["+", "Shift++"]],
  ["-", ["Minus", "-", "Shift+-"]],
  ["Escape", ["Escape"]],
  ["$mod+Enter", ["$mod+Enter"]],
])("means by %j %j", (key, places) => {
  expect(placesOf(key)).toEqual(places);
});
