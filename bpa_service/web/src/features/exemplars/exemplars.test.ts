import { describe, expect, test } from "vitest";
import { blank, MOST_BYTES, wrong } from "./draft";
import { queryOf, years, type Filter } from "./filter";
import { tagsOf } from "./tags";

const NOTHING: Filter = { make: "", marking: "", year: undefined, tag: "", text: "" };

describe("a search", () => {
  test("asks for what was typed, and for a year only when it was typed to its end", () => {
    expect(queryOf(NOTHING)).toEqual({});
    expect(queryOf({ ...NOTHING, make: " BMW ", year: 199, text: "  " })).toEqual({ make: "BMW" });
    expect(queryOf({ ...NOTHING, marking: "vin_plate", year: 1998 })).toEqual({ marking: "vin_plate", year: 1998 });
  });
});

test("years are told as far as they are known", () => {
  const told = (year_from: number | null, year_to: number | null) => years({ year_from, year_to }, "from", "until");
  expect([told(2007, 2016), told(2007, 2007), told(2007, null), told(null, 2016), told(null, null)]).toEqual([
    "2007–2016",
    "2007",
    "from 2007",
    "until 2016",
    "",
  ]);
});

test("tags are each there once, in lower case", () => {
  expect(tagsOf(" Dot-Peen,, right rail,dot-peen ")).toEqual(["dot-peen", "right rail"]);
});

describe("a draft", () => {
  const whole = () => ({ ...blank(), file: new File(["x"], "a.jpg"), make: "BMW", marking: "vin_plate" as const });

  test("lacks what the server would miss, in the order of the form", () => {
    expect(wrong({ ...blank(), file: undefined })).toEqual(["file", "make", "marking"]);
    expect(wrong(whole())).toEqual([]);
  });

  test("is not sent with years in the wrong order, a file too large or a tag too long", () => {
    expect(wrong({ ...whole(), year_from: 2010, year_to: 2009 })).toEqual(["year_to"]);
    expect(wrong({ ...whole(), year_from: 10 })).toEqual(["year_from"]);
    expect(wrong({ ...whole(), tags: "x".repeat(41) })).toEqual(["tags"]);
    const file = Object.defineProperty(new File([], "a.jpg"), "size", { value: MOST_BYTES + 1 });
    expect(wrong({ ...whole(), file })).toEqual(["file"]);
  });
});
