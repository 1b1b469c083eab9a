import { describe, expect, it, vi } from "vitest";
import { change, LINK } from "../drafts/database";
import { database, drafts, drained, INSPECTION, photo, queue, server, session } from "./sending.testing";

const OWNER = `${LINK}1`;

/** Whoever has a link is here, with what is kept for it. */
async function byLink(): Promise<void> {
  session.account = OWNER;
  await drafts.use(OWNER);
  const { id, ...rest } = await drafts.begin();
  await (await database()).delete("drafts", id);
  await change(["drafts"], (work) =>
    work.objectStore("drafts").put({ ...rest, id: OWNER, dirty: false, inspectionId: INSPECTION, byLink: { told: {} } }),
  );
  await drafts.read();
}

describe("what is brought by a link", () => {
  it("goes out as photos do, and says nothing of the claim", async () => {
    await byLink();
    await drafts.addPhoto(OWNER, "front", photo(1000));
    await drained();
    expect(server.asked).toEqual(["copy of 1000", "1000 of 1000"]);
  });

  it("is told shot by shot, what was changed alone, and is done once all is there", async () => {
    await byLink();
    await drafts.edit(OWNER, { shotAnswers: { rear: "not_found" } });
    queue.drain();
    const told = (): unknown => drafts.draft(OWNER)?.byLink?.told;
    await vi.waitFor(() => expect(told()).toEqual({ rear: "not_found" }), 3000);
    await drafts.edit(OWNER, { shotAnswers: { odometer: "unreadable" } });
    await drafts.addPhoto(OWNER, "front", photo(1000));
    await drafts.change(OWNER, { state: "sending" });
    queue.hurry();
    await vi.waitFor(() => expect(server.asked).toContain("PUT /yard/done"), 5000);
    await drained();
    expect(server.asked.filter((one) => one.startsWith("PUT"))).toEqual([
      "PUT /yard/shots/rear/answer not_found",
      "PUT /yard/shots/rear/answer null",
      "PUT /yard/shots/odometer/answer unreadable",
      "PUT /yard/done",
    ]);
    // The photo was there before, at least as its copy; and more may be brought.
    expect(server.asked.indexOf("copy of 1000")).toBeLessThan(server.asked.indexOf("PUT /yard/done"));
    await vi.waitFor(() => expect(drafts.draft(OWNER)?.state).toBe("editing"), 3000);
  });
});

describe("a draft to which a link was given", () => {
  it("keeps what others said of its shots, and its own word before theirs", async () => {
    const { id } = await drafts.begin();
    await drafts.change(id, { inspectionId: INSPECTION, given: true, dirty: false });
    const patched: unknown[] = [];
    const answer = server.answer.bind(server);
    server.answer = async (request) => {
      if (request.method === "GET") {
        const shot_answers = [{ shot: "rear", answer: "not_found" }, { shot: "odometer", answer: "not_allowed" }];
        return Response.json({ evidence: [], shot_answers });
      }
      if (request.method === "PATCH" && !request.url.includes("uploads")) patched.push(((await request.clone().json()) as { shot_answers: unknown }).shot_answers);
      return answer(request);
    };
    await drafts.edit(id, { shotAnswers: { odometer: "unreadable" } });
    await drafts.change(id, { state: "sending" });
    queue.hurry();
    await vi.waitFor(() => expect(patched).toHaveLength(1), 3000);
    expect(patched).toEqual([[{ shot: "odometer", answer: "unreadable" }, { shot: "rear", answer: "not_found" }]]);
  });
});
