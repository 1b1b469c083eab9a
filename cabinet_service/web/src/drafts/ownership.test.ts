import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.stubGlobal("BroadcastChannel", undefined);

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
  removeItem: (key: string) => kept.delete(key),
});

/** The app, started anew, with whoever was signed in last. */
async function started(account?: string) {
  kept.clear();
  if (account) kept.set("signed-in-as", JSON.stringify({ account: { id: account } }));
  vi.resetModules();
  const { drafts } = await import("./drafts.svelte");
  await drafts.read();
  return drafts;
}

const PHOTO = new Blob(["a photo"], { type: "image/jpeg" });

beforeEach(async () => {
  const drafts = await started();
  for (const owner of ["", "anna", "boris"]) await drafts.clear(owner);
});

describe("what was kept by an earlier version", () => {
  it.each([
    ["anna", "anna"],
    [undefined, ""],
  ])("stays, for whoever is signed in (%s)", async (account, owner) => {
    await new Promise((done) => (indexedDB.deleteDatabase("autodetective").onsuccess = done));
    const old = await openDB("autodetective", 1, {
      upgrade(db) {
        db.createObjectStore("drafts", { keyPath: "id" });
        const photos = db.createObjectStore("photos", { keyPath: "id" });
        photos.createIndex("draftId", "draftId");
        photos.createIndex("inspectionId", "inspectionId");
        db.createObjectStore("files", { keyPath: "photoId" });
        db.createObjectStore("answers", { keyPath: "taskId" });
      },
    });
    await old.put("drafts", { id: "draft", identifier: "SAL1A2A40SA606662", changedAt: 1, state: "editing" });
    await old.put("photos", { id: "photo", draftId: "draft", addedAt: 1, state: "kept" });
    await old.put("files", { photoId: "photo", original: PHOTO });
    await old.put("answers", { taskId: "task", inspectionId: "inspection", text: "Left door" });
    old.close();
    const drafts = await started(account);
    expect(drafts.all).toMatchObject([{ id: "draft", identifier: "SAL1A2A40SA606662", owner }]);
    expect(drafts.photosOf("draft")).toMatchObject([{ id: "photo", owner }]);
    expect(drafts.answers).toMatchObject([{ taskId: "task", text: "Left door", owner }]);
    const { database } = await import("./database");
    expect(await (await database()).get("files", "photo")).toBeDefined();
    (await database()).close();
    vi.resetModules();
  });
});

describe("what one account has begun", () => {
  it("is neither shown to another one nor asked about, and is there again for its own", async () => {
    const drafts = await started("anna");
    const { id } = await drafts.open();
    await drafts.edit(id, { worry: "The rivets" });
    await drafts.addPhoto(id, "front", PHOTO);
    await drafts.write("task", "inspection", "Left door");
    await drafts.use("");
    expect([drafts.all, drafts.photos, drafts.answers, drafts.others]).toEqual([[], [], [], true]);
    await drafts.use("boris");
    expect([drafts.all, drafts.photos, drafts.answers, drafts.nobodys]).toEqual([[], [], [], undefined]);
    expect((await drafts.open()).id).not.toBe(id);
    await drafts.write("task", "inspection", "Mine");
    await drafts.clear();
    await drafts.use("anna");
    expect(drafts.draft(id)?.worry).toBe("The rivets");
    expect(drafts.photosOf(id)).toHaveLength(1);
    expect(drafts.answers).toMatchObject([{ text: "Left door" }]);
  });

  it("is nobody's who photographs a car by a link on the same phone, and the other way round", async () => {
    const drafts = await started("anna");
    await drafts.addPhoto((await drafts.open()).id, "front", PHOTO);
    await drafts.use("link:1");
    expect([drafts.all, drafts.photos, drafts.nobodys]).toEqual([[], [], undefined]);
    await drafts.addPhoto(null, "rear", PHOTO, { inspectionId: "car" });
    await drafts.use("anna");
    expect(drafts.photos).toMatchObject([{ shot: "front" }]);
    expect(drafts.others).toBe(false);
    await drafts.clear("link:1");
    await drafts.use("link:1");
    expect(drafts.photos).toEqual([]);
  });

  it("is all that goes when they sign out", async () => {
    const drafts = await started("anna");
    await drafts.addPhoto((await drafts.open()).id, "front", PHOTO);
    await drafts.use("boris");
    await drafts.addPhoto((await drafts.open()).id, "rear", PHOTO);
    await drafts.clear();
    expect(drafts.all).toEqual([]);
    await drafts.use("anna");
    expect(drafts.photos).toMatchObject([{ shot: "front" }]);
  });
});

describe("what was begun before anybody signed in", () => {
  async function begun() {
    const drafts = await started();
    await drafts.use("");
    const { id } = await drafts.open();
    await drafts.addPhoto(id, "front", PHOTO);
    return { drafts, id };
  }

  it("is asked about, and not theirs before they say so", async () => {
    const { drafts, id } = await begun();
    await drafts.use("anna");
    expect(drafts.nobodys).toEqual({ drafts: 1, photos: 1 });
    expect([drafts.all, drafts.photos]).toEqual([[], []]);
    await drafts.adopt();
    expect(drafts.nobodys).toBeUndefined();
    expect(drafts.photosOf(id)).toMatchObject([{ owner: "anna" }]);
  });

  it("is gone when it is nobody's for good", async () => {
    const { drafts } = await begun();
    await drafts.use("anna");
    await drafts.clear("");
    expect(drafts.nobodys).toBeUndefined();
    await drafts.use("");
    expect([drafts.all, drafts.photos]).toEqual([[], []]);
  });

  it("is no question where nothing was done yet", async () => {
    const drafts = await started();
    await drafts.use("");
    await drafts.open();
    await drafts.use("anna");
    expect(drafts.nobodys).toBeUndefined();
  });

  it("is theirs where it was begun before the server had said who is here", async () => {
    const drafts = await started();
    const { id } = await drafts.open();
    await drafts.addPhoto(id, "front", PHOTO);
    await drafts.use("anna");
    expect(drafts.nobodys).toBeUndefined();
    expect(drafts.photosOf(id)).toHaveLength(1);
  });
});
