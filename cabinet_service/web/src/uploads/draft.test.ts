import { describe, expect, it, vi } from "vitest";
import { database, drafts, drained, INSPECTION, photo, queue, server } from "./sending.testing";

describe("a draft that is deleted", () => {
  const gone = (): Promise<void> => vi.waitFor(() => expect(drafts.deleted).toEqual([]), 3000);

  it("is deleted on the server, too, as soon as there is a line", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    await drained();
    server.when[`deleted ${INSPECTION}`] = async () => {
      if (server.asked.filter((one) => one.startsWith("deleted")).length === 1) throw new TypeError("no network");
    };
    await drafts.discard(draft.id);
    expect([drafts.all, drafts.photos]).toEqual([[], []]);
    queue.drain();
    await vi.waitFor(() => expect(queue.offline).toBe(true), 1000);
    expect(drafts.deleted).toHaveLength(1);
    queue.hurry();
    await gone();
    expect(server.asked.filter((one) => one.startsWith("deleted"))).toHaveLength(2);
    expect(await (await database()).count("drafts")).toBe(0);
  });

  it("leaves nothing on a server whose answer to its beginning got lost", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    server.when["begun"] = async () => {
      delete server.when["begun"];
      throw new TypeError("no network");
    };
    queue.drain();
    await vi.waitFor(() => expect(queue.offline).toBe(true), 1000);
    await drafts.discard(draft.id);
    queue.hurry();
    await gone();
    expect(server.asked.at(-1)).toBe(`deleted ${INSPECTION}`);
  });

  it("and of which the server never heard is just gone", async () => {
    const draft = await drafts.open();
    await drafts.edit(draft.id, { worry: "?" });
    await drafts.discard(draft.id);
    queue.drain();
    await new Promise((done) => setTimeout(done, 200));
    expect(server.asked).toEqual([]);
    expect(await (await database()).count("drafts")).toBe(0);
  });

  it("on another device goes from this one, with what was not sent of it", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    await drained();
    const answer = server.answer.bind(server);
    server.answer = async (request) =>
      request.method === "PATCH" && !request.url.includes("uploads")
        ? Response.json({ code: "inspection_is_over", detail: "", params: { state: "cancelled" } }, { status: 409 })
        : answer(request);
    await drafts.edit(draft.id, { worry: "?" });
    queue.drain();
    await vi.waitFor(() => expect(drafts.all).toEqual([]), 1000);
    expect(server.asked).not.toContain(`deleted ${INSPECTION}`);
  });
});
