import { describe, expect, it } from "vitest";
import { dayFor, dayInName, proposed } from "./as-of";

describe("the day in a file's name", () => {
  it.each([
    ["stock-2026-11-01.csv", "2026-11-01"],
    ["stock_20261101.csv.gz", "2026-11-01"],
    ["2026.11.01 list.xlsx", "2026-11-01"],
    ["1234520261101.csv", undefined],
    ["from-2026-02-31-to-2026-03-01.csv", "2026-03-01"],
    ["from-2025-12-31-to-2026-03-01.csv", "2025-12-31"],
    ["list.csv", undefined],
    ["2026-13-01.csv", undefined],
  ])("of %s", (name, day) => expect(dayInName(name)).toBe(day));
});

describe("what is proposed", () => {
  const now = new Date(2026, 10, 29, 12);
  const written = new Date(2026, 9, 5, 23, 30);

  it("is the day in the name", () =>
    expect(proposed({ name: "a-2026-11-01.csv", lastModified: written.getTime() }, now)).toBe("2026-11-01"));
  it("or when it was written, by the reader's calendar", () =>
    expect(proposed({ name: "a.csv", lastModified: written.getTime() }, now)).toBe(dayFor(written)));
  it("and never a day to come", () =>
    expect(proposed({ name: "a-2099-11-01.csv", lastModified: 0 }, now)).toBe("2026-11-29"));
});
