import { describe, expect, it } from "vitest";
import { latinAt, matches } from "./spelling";

const press = (key: string, code: string, more: Partial<Record<"ctrlKey" | "altKey" | "metaKey", boolean>> = {}): Parameters<typeof latinAt>[0] => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

describe("a letter typed on a Russian layout", () => {
  it("is the Latin one of its key, look-alike or not", () => {
    expect(latinAt(press("ы", "KeyS"))).toBe("S");
    expect(latinAt(press("В", "KeyD"))).toBe("D");
  });

  it("stays what it is on a Latin layout, on another key, and in a shortcut", () => {
    expect(latinAt(press("s", "KeyS"))).toBeUndefined();
    expect(latinAt(press("7", "Digit7"))).toBeUndefined();
    expect(latinAt(press("ж", "Semicolon"))).toBeUndefined();
    expect(latinAt(press("м", "KeyV", { ctrlKey: true }))).toBeUndefined();
  });
});

it("is the same number in small letters, in groups and in its frame", () => {
  expect(matches("SAL1A2A40SA606662", "*sal 1a2a40 sa606662*")).toBe(true);
  expect(matches("SV30-0169266", "SV300169266")).toBe(true);
  expect(matches("SAL1A2A40SA606662", "SAL1A2A4OSA606662")).toBe(false);
});
