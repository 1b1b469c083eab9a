import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.stubGlobal("BroadcastChannel", undefined);

const { drafts, NotKept } = await import("./drafts.svelte");
const { database } = await import("./database");

beforeEach(() => drafts.clear());

describe("what is typed", () => {
  it("is seen before it is on the disk, and no older state comes back meanwhile", async () => {
    const { id } = await drafts.open();
    const first = drafts.edit(id, { worry: "T" });
    const second = drafts.edit(id, { worry: "Th" });
    expect(drafts.draft(id)?.worry).toBe("Th");
    await first;
    expect(drafts.draft(id)?.worry).toBe("Th");
    await second;
    expect((await (await database()).get("drafts", id))?.worry).toBe("Th");
  });

  it("does not hide what became of the draft after it", async () => {
    const { id } = await drafts.open();
    const typing = drafts.edit(id, { worry: "The rivets" });
    await drafts.change(id, { state: "sending" });
    await typing;
    expect(drafts.draft(id)).toMatchObject({ worry: "The rivets", state: "sending", dirty: true });
  });

  it("is the same for an answer to an expert", async () => {
    await drafts.write("task", "inspection", "H");
    const writing = drafts.write("task", "inspection", "He");
    expect(drafts.answers[0]?.text).toBe("He");
    await drafts.answer("task", "inspection", { state: "sending" });
    await writing;
    expect(drafts.answers[0]).toMatchObject({ text: "He", state: "sending" });
  });
});

describe("the page of a draft", () => {
  it("is the last one that was turned to, at once and on the disk", async () => {
    const { id } = await drafts.open();
    const turns = ["where", "camera/front", "check"].map((page) => drafts.turnTo(id, page));
    expect(drafts.draft(id)?.page).toBe("check");
    await turns[0];
    expect(drafts.draft(id)?.page).toBe("check");
    await Promise.all(turns);
    expect(await (await database()).get("drafts", id)).toMatchObject({ page: "check" });
  });

  it("takes back nothing that is typed meanwhile, and is taken back by nothing", async () => {
    const { id } = await drafts.open();
    const work = [drafts.edit(id, { worry: "T" }), drafts.turnTo(id, "worry"), drafts.edit(id, { worry: "Th" })];
    expect(drafts.draft(id)).toMatchObject({ page: "worry", worry: "Th" });
    await Promise.all(work);
    expect(await (await database()).get("drafts", id)).toMatchObject({ page: "worry", worry: "Th" });
  });
});

describe("a file that no expert could get", () => {
  it.each([
    ["empty", new Blob([])],
    ["too_large", new Blob([new Uint8Array(50 * 1024 * 1024 + 1)])],
  ])("is %s, and nothing of it is kept", async (why, file) => {
    const { id } = await drafts.open();
    const refusal = await drafts.addPhoto(id, "front", file).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NotKept);
    expect((refusal as InstanceType<typeof NotKept>).why).toBe(why);
    expect(await (await database()).count("files")).toBe(0);
  });
});
