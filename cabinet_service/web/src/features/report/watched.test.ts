import { beforeEach, expect, test, vi } from "vitest";
import { Offline, Problem } from "$kit/api/problem";

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

const pictures = new Set<string>();
vi.doMock("../../drafts/pictures", () => ({
  keepPictures: async (owner: string, of: string, photos: readonly string[], { isTheirs }: { isTheirs: () => boolean }) => {
    for (const photo of photos) if (isTheirs()) pictures.add(`${owner} ${of} ${photo}`);
  },
  pictureOf: async (owner: string, of: string, photo: string) => (pictures.has(`${owner} ${of} ${photo}`) ? new Blob(["photo"]) : undefined),
  forgetPicture: async (owner: string, of: string, photo: string) => void pictures.delete(`${owner} ${of} ${photo}`),
  forgetPictures: async () => pictures.clear(),
}));

let cut = false;
let gone = false;
let signedOut = false;
function told<T>(what: T): Promise<T> {
  if (cut) return Promise.reject(new Offline());
  if (signedOut) return Promise.reject(new Problem(401, "not_signed_in", ""));
  return gone ? Promise.reject(new Problem(404, "not_found", "")) : Promise.resolve(what);
}
vi.doMock("./reports", () => ({
  versionsOf: () => told([{ version: 1 }, { version: 2 }]),
  reportOf: (_: string, version: number, language: string) => told({ version, presented: { version, language } }),
  photosIn: () => ["photo"],
  photoOf: () => told(new Blob(["the server's"])),
}));
const { WatchedReport } = await import("./watched.svelte");

beforeEach(() => {
  kept.clear();
  pictures.clear();
  cut = gone = signedOut = false;
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

test("its photos are kept once it was opened, and are the server's to show where it can be asked", async () => {
  const report = await opened();
  cut = true;
  expect(await (await report.photo("photo"))?.text()).toBe("photo");
  expect(await report.photo("another")).toBeUndefined();
  cut = false;
  expect(await (await report.photo("photo"))?.text()).toBe("the server's");

  gone = true;
  expect(await report.photo("photo")).toBeUndefined();
  [cut, gone] = [true, false];
  expect(await report.photo("photo")).toBeUndefined();
});

test("a photo stays on the phone where the server only asks who they are", async () => {
  const report = await opened();
  signedOut = true;
  await report.photo("photo");
  [cut, signedOut] = [true, false];
  expect(await (await report.photo("photo"))?.text()).toBe("photo");
});

test("what was kept before reports had a logo is read without a network", async () => {
  kept.set("inspection reports", [{ version: 1 }]);
  kept.set("inspection report 1 ru", { version: 1, language: "ru" });
  cut = true;
  const report = new WatchedReport("inspection");
  report.language = "ru";
  await report.look();
  expect(shown(report)).toEqual([1, "ru", false]);
  expect(report.told?.logo).toBeNull();
  expect(report.asOf).toBeDefined();
});

test("they go with the inspection", async () => {
  const report = await opened();
  gone = true;
  await report.look();
  [cut, gone] = [true, false];
  expect(await report.photo("photo")).toBeUndefined();
});
