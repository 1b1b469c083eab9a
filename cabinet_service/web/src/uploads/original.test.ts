import { describe, expect, it, vi } from "vitest";
import { drafts, photo, queue, server } from "./sending.testing";

describe("the end of an upload", () => {
  const refusal = (): Response => Response.json({ code: "sha256_mismatch", detail: "not the same" }, { status: 422 });

  /** The last part is answered so, and then the server says this of the upload. */
  function endsWith(last: () => Response, after: object): void {
    const answer = server.answer.bind(server);
    let over = false;
    server.answer = async (request) => {
      if (/uploads\/1000$/.test(request.url) && over) return Response.json(after);
      if (request.method !== "PATCH" || !request.url.includes("uploads")) return answer(request);
      over = true;
      server.asked.push("last part");
      return last();
    };
  }

  async function sentOne(): Promise<void> {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000, "image/heic"));
    queue.drain();
  }

  it("is not a refusal where the server holds the photo, whatever a part was answered", async () => {
    endsWith(refusal, { state: "done", offset_bytes: 1000, evidence_id: "held", problem: null });
    await sentOne();
    await vi.waitFor(() => expect(drafts.photos[0]).toMatchObject({ state: "sent", evidenceId: "held" }), 2000);
  });

  it("is the refusal that was kept, for whoever missed the answer", async () => {
    const taken = (): Response =>
      new Response(null, { status: 204, headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": "1000" } });
    const problem = { code: "photo_truncated", params: {} };
    endsWith(taken, { state: "refused", offset_bytes: 1000, evidence_id: null, problem });
    await sentOne();
    await vi.waitFor(
      () => expect(drafts.photos[0]).toMatchObject({ state: "refused", problem: { code: "photo_truncated" } }),
      2000,
    );
    expect(server.asked.filter((one) => one === "last part")).toHaveLength(1);
  });

  it("is waited for where the server is not done, without sending the same again at once", async () => {
    const taken = (): Response =>
      new Response(null, { status: 204, headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": "1000" } });
    endsWith(taken, { state: "receiving", offset_bytes: 1000, evidence_id: null, problem: null });
    await sentOne();
    await vi.waitFor(() => expect(server.asked).toContain("last part"), 1000);
    await new Promise((done) => setTimeout(done, 500));
    expect(server.asked.filter((one) => one === "last part")).toHaveLength(1);
    expect(drafts.photos[0]?.state).toBe("kept");
  });
});
