import { describe, expect, it, vi } from "vitest";
import { drafts, drained, INSPECTION, PART, photo, queue, server, session } from "./sending.testing";

describe("what is sent", () => {
  it("is all copies, the smallest photo first, then the submit, and the originals after it", async () => {
    const draft = await drafts.open();
    for (const size of [3000, 1000, 2000]) await drafts.addPhoto(draft.id, "front", photo(size));
    await drafts.change(draft.id, { state: "sending" });
    await drained();
    expect(server.asked).toEqual([
      "copy of 1000",
      "copy of 2000",
      "copy of 3000",
      "submit",
      "1000 of 1000",
      "2000 of 2000",
      "3000 of 3000",
    ]);
  });

  it("is the original before the submit where there can be no copy", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    await drafts.addPhoto(draft.id, "rear", photo(2000, "image/heic"));
    await drafts.change(draft.id, { state: "sending" });
    await drained();
    expect(server.asked).toEqual(["copy of 1000", "2000 of 2000", "submit", "1000 of 1000"]);
  });

  it("gives way between two parts of an original to the copy of a photo that was taken meanwhile", async () => {
    const draft = await drafts.open();
    const size = 2 * PART + 1000;
    await drafts.addPhoto(draft.id, "front", photo(size));
    server.when[`${PART} of ${size}`] = () => drafts.addPhoto(draft.id, "rear", photo(1000));
    await drained();
    expect(server.asked).toEqual([
      `copy of ${size}`,
      `${PART} of ${size}`,
      "copy of 1000",
      "1000 of 1000",
      `${2 * PART} of ${size}`,
      `${size} of ${size}`,
    ]);
  });

  it("is nothing more of a photo that was removed meanwhile", async () => {
    const draft = await drafts.open();
    const size = 2 * PART;
    const removed = await drafts.addPhoto(draft.id, "front", photo(size));
    await drafts.addPhoto(draft.id, "rear", photo(size + 1));
    server.when[`${PART} of ${size}`] = () => drafts.removePhoto(removed);
    await drained();
    expect(server.asked).not.toContain(`${size} of ${size}`);
    expect(server.asked).toContain(`${size + 1} of ${size + 1}`);
  });

  it("is an answer to the experts only once they can have the original that it is about", async () => {
    const about = { inspectionId: INSPECTION, infoTaskId: "task" };
    await drafts.addPhoto(null, "front", photo(1000), { inspectionId: INSPECTION });
    await drafts.addPhoto(null, "rear", photo(2000), about);
    await drafts.answer("task", INSPECTION, { state: "sending" });
    await drained();
    expect(server.asked).toEqual(["copy of 2000", "copy of 1000", "2000 of 2000", "answer", "1000 of 1000"]);
  });

  it("is the original although its copy was refused", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    const refusal = Response.json({ code: "photo_truncated", detail: "cut" }, { status: 422 });
    const answer = server.answer.bind(server);
    server.answer = async (request) => (request.url.endsWith("/copies") ? refusal.clone() : answer(request));
    await drained();
    expect(server.asked).toEqual(["1000 of 1000"]);
  });

  it("is what was written last, although it was written while a photo was on its way", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    server.when["copy of 1000"] = async () => {
      await drafts.edit(draft.id, { identifier: "SAL1A2A40SA606662" });
      await drafts.change(draft.id, { state: "sending" });
    };
    await drained();
    expect(server.asked).toEqual(["copy of 1000", "claim SAL1A2A40SA606662", "submit", "1000 of 1000"]);
  });

  it("is tried again at once when somebody asks for it, while an attempt fails and in the pause after it", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    let attempts = 0;
    server.when["copy of 1000"] = async () => {
      attempts++;
      if (attempts === 1) queue.hurry();
      if (attempts <= 2) throw new TypeError("no network");
    };
    queue.drain();
    await vi.waitFor(() => expect(queue.offline).toBe(true), 1000);
    expect(attempts).toBe(2);
    queue.hurry();
    await vi.waitFor(() => expect(server.asked).toContain("1000 of 1000"), 1000);
  });
});

describe("what is another's", () => {
  it("is not sent, and no further part of it once somebody else is signed in", async () => {
    const draft = await drafts.open();
    const size = 2 * PART;
    await drafts.addPhoto(draft.id, "front", photo(size, "image/heic"));
    server.when[`${PART} of ${size}`] = async () => {
      session.account = "boris";
    };
    queue.drain();
    await vi.waitFor(() => expect(server.asked).toContain(`${PART} of ${size}`), 2000);
    await drafts.use("boris");
    await new Promise((done) => setTimeout(done, 300));
    queue.hurry();
    await new Promise((done) => setTimeout(done, 300));
    expect(server.asked).toEqual([`${PART} of ${size}`]);
    session.account = "anna";
    await drafts.use("anna");
    queue.hurry();
    await drained();
  });
});
