import { describe, expect, it, vi } from "vitest";
import { drafts, INSPECTION, photo, queue, server, session } from "./sending.testing";

describe("what is written to the experts", () => {
  it("goes out in the order in which it was written, and again under the same key", async () => {
    await drafts.say(INSPECTION, "First");
    await drafts.say(INSPECTION, "Second");
    const [first, second] = drafts.words.map(({ text, id }) => `${text} ${id}`);
    server.when[String(first)] = () => {
      delete server.when[String(first)];
      throw new TypeError("the line is broken");
    };
    queue.drain();
    await vi.waitFor(() => expect(server.asked).toEqual([first]), 5000);
    await vi.waitFor(() => (queue.hurry(), expect(drafts.words).toEqual([])), 5000);
    expect(server.asked).toEqual([first, first, second]);
  });

  it("says that they cannot as soon as there is a network, and waits for no photo", async () => {
    await drafts.write("task", INSPECTION, "Too rusty");
    await drafts.addPhoto(null, "vin_stamped", photo(3), { inspectionId: INSPECTION, infoTaskId: "task" });
    server.when["unreadable: Too rusty"] = () => {
      delete server.when["unreadable: Too rusty"];
      throw new TypeError("the line is broken");
    };
    await drafts.answer("task", INSPECTION, { refusal: "unreadable", state: "sending" });
    await vi.waitFor(() => (queue.hurry(), expect(drafts.answers).toEqual([])), 5000);
    expect(server.asked.filter((one) => one.startsWith("unreadable"))).toHaveLength(2);
    expect(server.asked).not.toContain("answer");
  });

  it("is nobody's but theirs", async () => {
    session.account = "boris"; // before a word of hers: on a busy machine it would be on its way by now
    await drafts.say(INSPECTION, "Mine");
    await drafts.use("boris");
    expect(drafts.words).toEqual([]);
    await drafts.use("anna");
    expect(drafts.words).toMatchObject([{ text: "Mine", owner: "anna" }]);
    expect(server.asked).toEqual([]);
    await drafts.clear();
    expect(drafts.words).toEqual([]);
  });
});
