import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Offline, Problem } from "$kit/api/problem";

vi.doMock("../company/whose", () => ({ whose: () => "anna" }));
vi.doMock("$kit/api/stream.svelte", () => ({ stream: { listen: () => () => undefined } }));
vi.doMock("../../drafts/kept", () => ({ keep: async () => undefined, recall: async () => undefined, forget: async () => undefined }));

let asked = 0;
let says: () => Promise<unknown>;
vi.doMock("./bulk", () => ({
  job: () => {
    asked += 1;
    return says();
  },
  rowsOf: async () => ({ items: [], next_cursor: null }),
}));
const { WatchedJob } = await import("./job.svelte");

const SECOND = 1_000;
const HOUR = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
});
afterEach(() => vi.useRealTimers());

test("a list that is gone is asked for no more", async () => {
  says = () => Promise.reject(new Problem(404, "not_found", ""));
  const leave = new WatchedJob("list").watch();
  await vi.advanceTimersByTimeAsync(HOUR);
  leave();
  expect(asked).toBe(1);
});

test("a list that cannot be told is asked for ever more rarely, and as before once it is told", async () => {
  says = () => Promise.reject(new Offline());
  const leave = new WatchedJob("list").watch();
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(asked).toBeGreaterThan(50);
  expect(asked).toBeLessThan(70);
  says = async () => ({ state: "running" });
  await vi.advanceTimersByTimeAsync(60 * SECOND);
  asked = 0;
  await vi.advanceTimersByTimeAsync(60 * SECOND);
  expect(asked).toBe(30);
  leave();
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(asked).toBe(30);
});
