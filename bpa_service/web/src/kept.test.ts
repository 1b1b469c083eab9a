import { beforeEach, describe, expect, it, vi } from "vitest";

const session = { me: { id: "anna" } };
vi.mock("./api/session.svelte", () => ({ session }));
const { keep, kept, placeOf, sweep, Writing } = await import("./kept.svelte");

const DAY = 24 * 60 * 60_000;

const question = () => new Writing<{ text: string; blocking: boolean }>("question of case", { text: "", blocking: true }, ({ text }) => text);

beforeEach(() => {
  session.me.id = "anna";
  const disk = new Map<string, string>();
  // As the browser's is, its keys are properties of it.
  const storage = new Proxy({}, {
    ownKeys: () => [...disk.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    get: (_target, name) =>
      ({
        getItem: (key: string) => disk.get(key) ?? null,
        setItem: (key: string, value: string) => void disk.set(key, value),
        removeItem: (key: string) => void disk.delete(key),
      })[name as "getItem"],
  });
  vi.stubGlobal("localStorage", storage);
  vi.useFakeTimers();
});

describe("what is being written", () => {
  it("is there again, with its choices, until it was sent", () => {
    const first = question();
    first.value.text = "The pillar";
    first.value.blocking = false;
    first.keep();
    const again = question();
    expect([again.value, again.waits, again.since]).toEqual([{ text: "The pillar", blocking: false }, true, new Date()]);
    again.clear();
    expect([again.value.text, question().value.text, question().since]).toEqual(["", "", undefined]);
  });

  it("is nothing where only a choice was made", () => {
    const one = question();
    one.value.blocking = false;
    one.keep();
    expect(question().value.blocking).toBe(true);
  });

  it("is nobody else's, and stays its writer's when a colleague has come meanwhile", () => {
    const hers = question();
    hers.value.text = "Hers";
    session.me.id = "boris";
    hers.keep();
    expect(question().value.text).toBe("");
    session.me.id = "anna";
    expect(question().value.text).toBe("Hers");
  });

  it("survives what is no draft", () => {
    localStorage.setItem(placeOf("question of case"), "{not json");
    expect(question().value.text).toBe("");
  });
});

describe("what is swept away", () => {
  it("is what nobody touched for a fortnight, whosever it is", () => {
    keep(placeOf("old"), "words");
    vi.advanceTimersByTime(10 * DAY);
    keep(placeOf("newer"), "words");
    vi.advanceTimersByTime(5 * DAY);
    session.me.id = "boris";
    sweep();
    session.me.id = "anna";
    expect([kept(placeOf("old")), kept(placeOf("newer"))?.what]).toEqual([undefined, "words"]);
  });

  it("is what has no owner, and nothing of others", () => {
    for (const key of ["verdict of 7", "snoozed cases", "views of the queue", "language"]) localStorage.setItem(key, "{}");
    sweep();
    expect(Object.keys(localStorage)).toEqual(["language"]);
  });
});
