import { afterEach, describe, expect, it, vi } from "vitest";
import { Offline } from "$kit/api/problem";
import { drafts, drained, photo, queue, server } from "./sending.testing";

let failing = false;
vi.doMock("./round", async () => {
  if (failing) throw new TypeError("Failed to fetch dynamically imported module");
  return vi.importActual("./round");
});
const { arrived, Unloaded } = await import("./arrival");

afterEach(() => vi.useRealTimers());

describe("a part of the app that is not here yet", () => {
  const missing = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch"));

  it("is missing where the server answers, and there is no network where it does not", async () => {
    await expect(arrived(missing)).rejects.toBeInstanceOf(Unloaded);
    server.answer = () => Promise.reject(new TypeError("no network"));
    await expect(arrived(missing)).rejects.toBeInstanceOf(Offline);
  });

  it("is not waited for for ever", async () => {
    vi.useFakeTimers();
    const told = expect(arrived(() => new Promise(() => undefined))).rejects.toBeInstanceOf(Unloaded);
    await vi.runAllTimersAsync();
    await told;
  });

  it("keeps what is to be sent, says so while there is a network, and sends once it is here", async () => {
    const draft = await drafts.open();
    failing = true;
    await drafts.addPhoto(draft.id, "front", photo(1000));
    queue.drain();
    await vi.waitFor(() => expect(queue.unloaded).toBe(true), 2000);
    expect([queue.offline, server.asked, drafts.photos.length]).toEqual([false, [], 1]);

    failing = false;
    queue.hurry();
    await drained();
    expect([queue.unloaded, server.asked]).toEqual([false, ["copy of 1000", "1000 of 1000"]]);
  });
});
