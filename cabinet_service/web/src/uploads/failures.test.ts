import { describe, expect, it, vi } from "vitest";
import { database, drafts, PART, photo, queue, server } from "./sending.testing";

describe("what the server cannot take just now", () => {
  const failure = (): Response => Response.json({ code: "internal_error", detail: "" }, { status: 500 });

  it("keeps nothing of the rest, whichever part of it, and rests by itself", async () => {
    const draft = await drafts.open();
    for (const size of [1000, 2000, 3000, 4000]) await drafts.addPhoto(draft.id, "front", photo(size, "image/heic"));
    const tried: string[] = [];
    const answer = server.answer.bind(server);
    server.answer = async (request) => {
      const size = request.method === "PATCH" && /uploads\/(\d+)/.exec(request.url)?.[1];
      if (size !== "1000" && size !== "2000") return answer(request);
      tried.push(size);
      return failure();
    };
    queue.drain();
    await vi.waitFor(() => expect(drafts.photos.filter((one) => one.state === "sent")).toHaveLength(2), 1500);
    expect(tried).toEqual(["1000", "2000"]);
    // Whatever else comes up meanwhile, they are left to rest.
    await drafts.addPhoto(draft.id, "rear", photo(5000, "image/heic"));
    queue.drain();
    await vi.waitFor(() => expect(drafts.photos.filter((one) => one.state === "sent")).toHaveLength(3), 1500);
    expect(tried).toEqual(["1000", "2000"]);
    expect(queue.offline).toBe(false);
    server.answer = answer;
    await vi.waitFor(() => expect(drafts.photos.every((one) => one.state === "sent")).toBe(true), 5000);
  });

  it("is not asked of it for every photo while it takes none at all", async () => {
    const draft = await drafts.open();
    for (let size = 1000; size < 1020; size++) await drafts.addPhoto(draft.id, "front", photo(size, "image/heic"));
    let asked = 0;
    const answer = server.answer.bind(server);
    server.answer = async (request) => {
      if (request.method !== "PATCH" || !request.url.includes("uploads")) return answer(request);
      asked++;
      return failure();
    };
    queue.drain();
    await vi.waitFor(() => expect(asked).toBeGreaterThan(0), 1500);
    await new Promise((done) => setTimeout(done, 500));
    expect(asked).toBeLessThanOrEqual(5);
  });
});

const PAGE = "<html>Welcome to our Wi-Fi</html>";

/** What somebody on the way answers in place of the server, to the requests that `what` fits. */
function interceptedAt(what: RegExp, status: number): void {
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    if (!what.test(`${request.method} ${request.url}`)) return answer(request);
    server.asked.push("page");
    return new Response(PAGE, { status, headers: { "Content-Type": "text/html" } });
  };
}

describe("what cannot be read on the phone", () => {
  it("is said of that photo alone, and everything else is sent", async () => {
    const [first, second] = [await drafts.open(), { ...(await drafts.open()), id: "another" }];
    await drafts.change(first.id, { state: "sending" });
    await (await database()).put("drafts", { ...second, submitKey: "another", state: "sending" });
    const lost = await drafts.addPhoto(first.id, "front", photo(1000));
    await drafts.addPhoto(first.id, "rear", photo(2000));
    await drafts.addPhoto("another", "rear", photo(3000));
    await (await database()).delete("files", lost);
    queue.drain();
    await vi.waitFor(() => expect(server.asked).toContain("3000 of 3000"), 5000);
    expect(server.asked.filter((one) => one === "submit")).toHaveLength(2);
    expect(server.asked).toContain("2000 of 2000");
    expect(drafts.photos.find((one) => one.id === lost)).toMatchObject({
      state: "refused",
      problem: { code: "unreadable" },
    });
  });

  it.each([
    ["NotReadableError", "unreadable"],
    ["DataError", "unreadable"],
    ["QuotaExceededError", "full"],
  ])("is not kept (%s), and why is said (%s)", async (name, why) => {
    const draft = await drafts.open();
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("", name);
    });
    const refusal = await drafts.addPhoto(draft.id, "front", photo(1000)).catch((error: unknown) => error);
    put.mockRestore();
    expect(refusal).toMatchObject({ name: "NotKept", why });
  });
});

describe("an answer that is not the server's", () => {
  it.each([200, 403, 404, 413])("(%i) to a part of an original refuses nothing, and is not asked for again at once", async (status) => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(PART + 1000, "image/heic"));
    interceptedAt(/PATCH .*uploads/, status);
    queue.drain();
    await vi.waitFor(() => expect(server.asked).toContain("page"), 1000);
    await new Promise((done) => setTimeout(done, 500));
    expect(server.asked.filter((one) => one === "page")).toHaveLength(1);
    expect(drafts.photos[0]).toMatchObject({ state: "kept", problem: null });
  });

  it("to one photo does not keep the next one", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000, "image/heic"));
    await drafts.addPhoto(draft.id, "rear", photo(2000, "image/heic"));
    interceptedAt(/PATCH .*uploads\/1000/, 403);
    queue.drain();
    await vi.waitFor(() => expect(drafts.photos.some((one) => one.state === "sent")).toBe(true), 2000);
    const states = drafts.photos.map(({ size, state }) => [size, state]).sort();
    expect(states).toEqual([[1000, "kept"], [2000, "sent"]]);
  });

  it("to the submit does not count as one", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    await drafts.change(draft.id, { state: "sending" });
    interceptedAt(/submit$/, 200);
    queue.drain();
    await vi.waitFor(() => expect(server.asked).toContain("1000 of 1000"), 2000);
    expect(drafts.draft(draft.id)).toMatchObject({ state: "sending", problem: null });
  });
});
