import { expect, it } from "vitest";
import { placesOf, russianOf } from "./places";

it.each([
  ["j", ["KeyJ"]],
  ["$mod+k", ["$mod+KeyK"]],
  ["3", ["Digit3", "3"]],
  ["/", ["Slash", "/", "Shift+/"]],
  ["Shift+?", ["Shift+Slash", "Shift+?"]],
  ["+", ["+", "Shift++"]],
  ["-", ["Minus", "-", "Shift+-"]],
  ["Shift+2", ["Shift+Digit2", "Shift+2"]],
  ["Shift+r", ["Shift+KeyR"]],
  ["Escape", ["Escape"]],
  ["$mod+Enter", ["$mod+Enter"]],
])("means by %j %j", (key, places) => {
  expect(placesOf(key)).toEqual(places);
});

it.each([
  ["KeyT", "Е"],
  ["$mod+KeyZ", "Я"],
  ["KeyM", "Ь"],
  ["Digit2", undefined],
  ["Escape", undefined],
])("finds at %j the Russian %j", (place, letter) => {
  expect(russianOf(place)).toBe(letter);
});
