import { describe, expect, it } from "vitest";
import { isOneSlip, meant } from "./slips";

describe("an address", () => {
  it.each([
    ["ivan@gmial.com", "ivan@gmail.com"],
    ["ivan@gmail.con", "ivan@gmail.com"],
    ["ivan@gmai.com", "ivan@gmail.com"],
    ["Ivan@Gmaill.com", "Ivan@gmail.com"],
    ["ivan@yandx.ru", "ivan@yandex.ru"],
    ["ivan@mail.ry", "ivan@mail.ru"],
    ["ivan@mali.ru", "ivan@mail.ru"],
  ])("%j is asked about: %j", (typed, expected) => {
    expect(meant(typed)).toBe(expected);
  });

  it.each(["ivan@gmail.com", "ivan@mail.com", "ivan@ymail.com", "ivan@example.com", "ivan@ya.ru", "ivan@va.ru", "+79211234567", "@gmial.com", ""])(
    "%j is not",
    (typed) => {
      expect(meant(typed)).toBeUndefined();
    },
  );

  it("is one slip away by one edit, and not by none or two", () => {
    expect(isOneSlip("abc", "abc")).toBe(false);
    expect(isOneSlip("acb", "abc")).toBe(true);
    expect(isOneSlip("ab", "abc")).toBe(true);
    expect(isOneSlip("xbc", "abc")).toBe(true);
    expect(isOneSlip("bac", "abcd")).toBe(false);
  });
});
