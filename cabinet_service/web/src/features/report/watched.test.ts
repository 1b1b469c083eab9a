import { beforeEach, expect, test, vi } from "vitest";
import { Offline } from "$kit/api/problem";

vi.stubGlobal("navigator", { onLine: true, language: "ru", languages: ["ru"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.doMock("../../api/session.svelte", () => ({ session: { account: "anna" } }));
vi.doMock("$kit/api/stream.svelte", () => ({ stream: { listen: () => () => undefined } }));

const kept = new Map<string, unknown>();
vi.doMock("../../drafts/kept", () => ({
  keep: async (_: string, what: string, told: unknown) => void kept.set(what, told),
  recall: async (_: string, what: string) => kept.has(what) ? { told: kept.get(what), at: 0 } : undefined,
  forget: async (_: string, what: string) => void kept.delete(what),
}));

let cut = false;
const told = <T>(what: T): Promise<T> => (cut ? Promise.reject(new Offline()) : Promise.resolve(what));
vi.doMock("./reports", () => ({
  versionsOf: () => told([{ version: 1 }, { version: 2 }]),
  reportOf: (_: string, version: number, language: string) => told({ version, presented: { version, language } }),
}));
const { WatchedReport } = await import("./watched.svelte");

beforeEach(() => {
  kept.clear();
  cut = false;
});

const shown = ({ presented, missed }: InstanceType<typeof WatchedReport>) => [presented?.version, presented?.language, missed];

async function opened() {
  const report = new WatchedReport("inspection");
  report.show(undefined);
  await report.look();
  report.speak("ru");
  await report.look();
  expect(shown(report)).toEqual([2, "ru", false]);
  return report;
}

test("a language that is not to be had is said to be missed, until it comes", async () => {
  const report = await opened();
  kept.delete("inspection told 2 en");
  cut = true;
  report.speak("en");
  await report.look();
  expect(shown(report)).toEqual([2, "ru", true]);

  cut = false;
  await report.look();
  expect(shown(report)).toEqual([2, "en", false]);
});

test("so is a version; what is kept on the phone is not missed", async () => {
  const report = await opened();
  cut = true;
  report.show(1);
  await report.look();
  expect(shown(report)).toEqual([2, "ru", true]);

  kept.set("inspection told 1 ru", { version: 1, presented: { version: 1, language: "ru" } });
  await report.look();
  expect(shown(report)).toEqual([1, "ru", false]);
  expect(report.asOf).toBeDefined();
});

test("a look that fails leaves what was asked for as it is", async () => {
  const report = await opened();
  cut = true;
  await report.look();
  expect(shown(report)).toEqual([2, "ru", false]);
  expect(report.error).toBeInstanceOf(Offline);
});
