import { describe, expect, it } from "vitest";
import type { QueueRow } from "../../api/client";
import { chosenRows, needsAll, type Filter } from "./filter";

const ALL: Filter = { view: "all", text: "", order: "left" };

function row(id: string, left: number, effort: number, more: Partial<QueueRow> = {}): QueueRow {
  const reckoning = { remaining_seconds: left, due_at: "2026-11-26T12:20:00Z" };
  return { id, number: id, identifier: "SAL 1A2A40 SA606662", reckoning, effort_seconds: effort, holder: null, ...more } as unknown as QueueRow;
}

const ROWS = [row("A-1", 300, 100), row("A-2", 400, 390, { make: "Škoda" }), row("A-3", 500, 10, { plate: "А 123 ВС 77" })];

function ids(filter: Partial<Filter>, snoozed: string[] = []): string[] {
  return chosenRows(ROWS, { ...ALL, ...filter }, new Set(snoozed)).map((one) => one.id);
}

describe("the rows that one wants to see", () => {
  it("are all of them, as they come", () => {
    expect(chosenRows(ROWS, ALL, new Set())).toBe(ROWS);
  });

  it.each([
    ["škoda", ["A-2"]],
    ["sal1a2a40sa606662", ["A-1", "A-2", "A-3"]],
    ["SAL-1A2A40 sa6", ["A-1", "A-2", "A-3"]],
    ["1А2А40", ["A-1", "A-2", "A-3"]],
    ["a123bc77", ["A-3"]],
    ["а123вс", ["A-3"]],
    ["123 вс-77", ["A-3"]],
    ["a-3 ", ["A-3"]],
    ["nothing", []],
  ])("with %j are %j", (text, expected) => {
    expect(ids({ text })).toEqual(expected);
  });

  it("come by what is left beyond the work to do", () => {
    expect(ids({ order: "slack" })).toEqual(["A-2", "A-1", "A-3"]);
  });

  it("put the urgent first and the standing last", () => {
    const urgent = row("A-4", 1000, 10, { urgent: true });
    const standing = row("A-5", 10, 10);
    standing.reckoning.due_at = null;
    const found = chosenRows([standing, ...ROWS, urgent], { ...ALL, order: "slack" }, new Set());
    expect(found.map((one) => one.id)).toEqual(["A-4", "A-2", "A-1", "A-3", "A-5"]);
  });

  it("are without those that were put off", () => {
    expect(ids({}, ["A-1"])).toEqual(["A-2", "A-3"]);
  });

  it("need every row of the view only where they are searched or sorted here", () => {
    expect([needsAll(ALL), needsAll({ ...ALL, text: " x" }), needsAll({ ...ALL, order: "slack" })]).toEqual([false, true, true]);
  });
});
