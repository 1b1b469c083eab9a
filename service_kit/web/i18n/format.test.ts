import { afterEach, expect, test } from "vitest";
import { minutes } from "./format";
import { locale } from "./language.svelte";

afterEach(() => {
  locale.language = "ru";
});

test("minutes are counted as the language that is spoken counts them", () => {
  const nominative = [1, 2, 5, 11, 21, 22, 25].map((count) => minutes(count * 60));
  expect(nominative.map((text) => text.replace("\u00a0", " "))).toEqual(
    ["1 минута", "2 минуты", "5 минут", "11 минут", "21 минута", "22 минуты", "25 минут"],
  );
  expect(minutes(-60, "accusative")).toBe("1\u00a0минуту");
  expect(minutes(20)).toBe("1\u00a0минута");
  locale.language = "en";
  expect([minutes(60), minutes(120, "accusative")]).toEqual(["1\u00a0minute", "2\u00a0minutes"]);
});
