import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Offline, Problem } from "$kit/api/problem";

vi.doMock("../company/whose", () => ({ whose: () => "anna" }));
let hint = (): void => undefined;
vi.doMock("$kit/api/stream.svelte", () => ({
  stream: { listen: (heard: () => void) => ((hint = heard), () => (hint = () => undefined)) },
}));

const kept = new Map<string, unknown>();
vi.doMock("../../drafts/kept", () => ({
  keep: async (_: string, what: string, told: unknown) => void kept.set(what, told),
  recall: async (_: string, what: string) => kept.has(what) ? { told: kept.get(what), at: 0 } : undefined,
  forget: async (_: string, what: string) => void kept.delete(what),
}));

let problem: Error | undefined;
let looks = 0;
const told = <T>(what: T): Promise<T> => (problem ? Promise.reject(problem) : Promise.resolve(what));
vi.doMock("./board", () => ({
  rows: () => (looks++, told({ items: [{ id: "car" }], next_cursor: null })),
  counts: () => told({ counts: { photos: 1 }, more: [], most: 100 }),
}));
const { WatchedBoard } = await import("./watched.svelte");

beforeEach(() => {
  kept.clear();
  problem = undefined;
  looks = 0;
});
afterEach(() => vi.useRealTimers());

test("what was shown last is there without a network", async () => {
  await new WatchedBoard("company").look();
  problem = new Offline();
  const board = new WatchedBoard("company");
  await board.look();
  expect([board.rows, board.error]).toEqual([[{ id: "car" }], problem]);
  expect(board.asOf).toBeDefined();
});

test("whoever was removed from the company sees nothing of it, and nothing stays kept", async () => {
  const board = new WatchedBoard("company");
  await board.look();
  problem = new Problem(404, "not_found", "");
  await board.look();
  expect([board.rows, board.counts, board.error]).toEqual([undefined, undefined, problem]);

  problem = new Offline();
  const later = new WatchedBoard("company");
  await later.look();
  expect(later.rows).toBeUndefined();
});

test("a burst of hints is one look, and none follows once nobody watches", async () => {
  vi.useFakeTimers();
  const board = new WatchedBoard("company");
  const leave = board.watch();
  await board.look();
  looks = 0;
  for (let count = 0; count < 5; count++) hint();
  await vi.runAllTimersAsync();
  expect(looks).toBe(1);

  hint();
  leave();
  await vi.runAllTimersAsync();
  expect(looks).toBe(1);
});
