import { beforeEach, expect, test, vi } from "vitest";
import { Offline, Problem } from "$kit/api/problem";

vi.doMock("../../api/session.svelte", () => ({ session: { account: "anna" } }));
const kept = new Map<string, unknown>();
vi.doMock("../../drafts/kept", () => ({
  keep: async (_: string, what: string, told: unknown) => void kept.set(what, told),
  recall: async (_: string, what: string) => (kept.has(what) ? { told: kept.get(what), at: 0 } : undefined),
  forget: async (_: string, what: string) => void kept.delete(what),
}));

const TOLD = { earlier: { inspection_id: "first" }, section: { title: "Since the last check" } };
let says: object | null | Error;
vi.doMock("../report/reports", () => ({
  comparisonOf: () => (says instanceof Error ? Promise.reject(says) : Promise.resolve(says)),
}));
const { comparison } = await import("./since");

beforeEach(async () => {
  kept.clear();
  says = TOLD;
  await comparison("car", 7, "en");
});

test("what was told last is there without a network, of the same version and in the same language", async () => {
  says = new Offline();
  expect(await comparison("car", 7, "en")).toEqual(TOLD);
  expect(await comparison("car", 8, "en")).toBeNull();
  expect(await comparison("car", 7, "ru")).toBeNull();
});

test("where the server refuses nothing is shown, and what was kept stays for where there is no network", async () => {
  says = new Problem(503, "unavailable", "");
  expect(await comparison("car", 7, "en")).toBeNull();
  says = new Offline();
  expect(await comparison("car", 7, "en")).toEqual(TOLD);
});

test.each([null, new Problem(404, "not_found", "")])("where there is none any more the copy goes as well", async (answer) => {
  says = answer;
  expect(await comparison("car", 7, "en")).toBeNull();
  says = new Offline();
  expect(await comparison("car", 7, "en")).toBeNull();
});
