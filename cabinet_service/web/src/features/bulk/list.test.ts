import { beforeEach, expect, test, vi } from "vitest";
import type { Field, Row } from "./bulk";

vi.doMock("../company/whose", () => ({ whose: () => "anna" }));
const drafts = { full: false, broken: false };
vi.doMock("../../drafts/drafts.svelte", () => ({ drafts }));

let kept: unknown;
let hasRoom = true;
vi.doMock("../../drafts/kept", () => ({
  keepOwn: async (_owner: string, _what: string, told: unknown) => {
    if (!hasRoom) throw new DOMException("", "QuotaExceededError");
    kept = told;
  },
  recall: async () => kept && { told: kept, at: 0 },
  forget: async () => void (kept = undefined),
}));

const COLUMNS: { name: string; field: Field | null }[] = [
  { name: "VIN", field: "identifier" },
  { name: "Make", field: "make" },
  { name: "Lot", field: null },
];
vi.doMock("./bulk", () => ({
  readSheet: async () => ({
    sheet: null,
    sheets: [],
    columns: COLUMNS,
    rows: [2, 3, 4].map((row) => ({ row, cells: [`number ${row}`, `make ${row}`, `lot ${row}`] })),
    notes: {},
  }),
  columnsOf: () => COLUMNS,
  jobsOf: async () => [],
  check: async ({ rows }: { rows: readonly Row[] }) => ({ rows: rows.map(() => ({ remarks: [] })), counts: {} }),
  order: async () => ({ id: "job" }),
}));
const { CarList } = await import("./list.svelte");

beforeEach(() => {
  kept = undefined;
  hasRoom = true;
  drafts.full = drafts.broken = false;
});

/** A list of three cars, of which the last was mended and the second left out. */
async function mended() {
  const list = new CarList();
  list.place("company", null);
  await list.take(new Blob(["cells"]), "cars");
  list.agree();
  list.change(2, { ...list.rows?.[2], identifier: "mended" } as Row);
  list.change(1, undefined);
  await list.look();
  return list;
}

const cars = ({ rows }: InstanceType<typeof CarList>) => rows?.map(({ row, identifier, make, reference }) => [row, identifier, make, reference]);
const MENDED = [[2, "number 2", "make 2", undefined], [4, "mended", "make 4", undefined]];

test("a car keeps its number in the table when another one is left out", async () => {
  expect((await mended()).rows?.map(({ row }) => row)).toEqual([2, 4]);
});

test("what was mended is there after a look at the columns, over a reload too", async () => {
  const list = await mended();
  list.back();
  expect(list.step).toBe("columns");
  const again = new CarList();
  await again.restore(() => true);
  for (const one of [list, again]) {
    expect(one.step).toBe("columns");
    one.agree();
    expect(one.step).toBe("rows");
    expect(cars(one)).toEqual(MENDED);
    expect(one.mended).toBe(true);
  }
});

test("another column is read anew, and all else stays as it was mended", async () => {
  const list = await mended();
  list.back();
  list.choose(1, null);
  list.choose(2, "reference");
  list.agree();
  expect(cars(list)).toEqual([[2, "number 2", null, "lot 2"], [4, "mended", null, "lot 4"]]);
  list.back();
  list.choose(2, "identifier");
  list.agree();
  expect(cars(list)).toEqual([[2, "lot 2", null, null], [4, "lot 4", null, null]]);
});

test("another table has none of what was mended, and what was pasted is still there", async () => {
  const list = await mended();
  list.text = "pasted";
  list.back();
  list.back();
  expect([list.step, list.rows, list.mended, list.text, kept]).toEqual(["take", undefined, false, "pasted", undefined]);
});

test("a phone without room is said to be full, and asked until it has some", async () => {
  vi.useFakeTimers();
  const list = await mended();
  hasRoom = false;
  list.change(0, { ...list.rows?.[0], make: "last" } as Row);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(drafts.full).toBe(true);
  hasRoom = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(drafts.full).toBe(false);
  expect(kept).toMatchObject({ rows: [{ make: "last" }, { identifier: "mended" }] });

  // What was ordered meanwhile does not come back.
  hasRoom = false;
  list.change(0, { ...list.rows?.[0], make: "later" } as Row);
  await list.order();
  hasRoom = true;
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  expect(kept).toBeUndefined();
});
