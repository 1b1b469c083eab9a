import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";

const said = new Map<string, string>();
vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.stubGlobal("document", { documentElement: {}, cookie: "" });
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("BroadcastChannel", undefined);
vi.stubGlobal("localStorage", {
  getItem: (key: string) => said.get(key) ?? null,
  setItem: (key: string, value: string) => void said.set(key, value),
  removeItem: (key: string) => void said.delete(key),
});
const { session } = await import("./session.svelte");
const { drafts } = await import("../drafts/drafts.svelte");
const { keepPictures, pictureOf } = await import("../drafts/pictures");
type Me = import("./remembered").Me;

test("nothing is kept of one who leaves, though it was on its way when what was theirs was forgotten", async () => {
  session.become({ account: { id: "anna" } } as Me);
  await drafts.use("anna");
  let arrive: (bytes: Blob) => void = () => undefined;
  const coming = new Promise<Blob>((done) => (arrive = done));
  const kept = keepPictures("anna", "inspection", ["photo"], {
    fetched: () => coming,
    isTheirs: () => session.account === "anna",
  });
  await session.leave(async () => {
    await drafts.clear();
    arrive(new Blob(["bytes"]));
    await kept;
  });
  expect(await pictureOf("anna", "inspection", "photo")).toBeUndefined();
  expect(session.me).toBeNull();
});
