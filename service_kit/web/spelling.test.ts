import { describe, expect, it } from "vitest";
import { spelled } from "./spelling";

describe("a number of a car, to be compared", () => {
  it.each([
    ["а123вс 77", "A123BC77"],
    ["А 123 ВС 77", "A123BC77"],
    ["ХТА-21099\u20090Y2766389", "XTA210990Y2766389"],
    ["sv30 \u2013 0169266", "SV300169266"],
    ["*SAL 1A2A40*", "SAL1A2A40"],
    ["Ж1234", "Ж1234"],
  ])("%j is %j", (text, expected) => {
    expect(spelled(text)).toBe(expected);
  });
});
