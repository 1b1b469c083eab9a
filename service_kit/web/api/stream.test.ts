import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 }); // each tab loads the app anew

type Tab = Awaited<ReturnType<typeof tab>>;
interface Held {
  stolen: (error: Error) => void;
}

/** The browser: its tabs share locks and channels, and the server counts their streams. */
let locks: { held: Held | undefined; waiting: (() => void)[] };
let channels: Set<FakeChannel>;
let connections: FakeSource[];

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | undefined;

  constructor(readonly name: string) {
    channels.add(this);
  }

  postMessage(data: unknown): void {
    if (!channels.has(this)) return;
    for (const other of channels) if (other !== this && other.name === this.name) other.onmessage?.({ data });
  }

  close(): void {
    channels.delete(this);
  }
}

class FakeSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | undefined;
  onerror: (() => void) | undefined;

  constructor() {
    super();
    connections.push(this);
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  says(event: string, data: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }

  close(): void {
    this.readyState = 2;
    connections = connections.filter((one) => one !== this);
  }
}

function next(): void {
  if (!locks.held) locks.waiting.shift()?.();
}

async function request(_: string, options: LockOptions, hold: () => Promise<void>): Promise<void> {
  if (options.steal) {
    locks.held?.stolen(new DOMException("stolen", "AbortError"));
    locks.held = undefined;
  } else if (locks.held || locks.waiting.length) {
    await new Promise<void>((done, fail) => {
      locks.waiting.push(done);
      options.signal?.addEventListener("abort", () => fail(new DOMException("left", "AbortError")));
    });
  }
  await new Promise<void>((done, fail) => {
    const mine: Held = { stolen: fail };
    locks.held = mine;
    void hold().then(() => {
      if (locks.held === mine) locks.held = undefined;
      done();
      next();
    });
  });
}

/** Another tab of the browser. */
async function tab() {
  const [page, root] = [new EventTarget(), new EventTarget()];
  const state = { visible: "visible" };
  Object.defineProperty(page, "visibilityState", { get: () => state.visible });
  vi.stubGlobal("document", Object.assign(page, { documentElement: {} }));
  vi.stubGlobal("addEventListener", root.addEventListener.bind(root));
  vi.stubGlobal("removeEventListener", root.removeEventListener.bind(root));
  vi.resetModules();
  const { speakFor } = await import("./http");
  speakFor({ isSignedIn: true, account: "anna", signedOut: () => undefined });
  const { stream } = await import("./stream.svelte");
  const heard: unknown[] = [];
  const leave = stream.listen((hint) => heard.push(hint?.subject_id ?? "anything"));
  await vi.advanceTimersByTimeAsync(0);
  const happens = (event: string): boolean => [page, root].every((one) => one.dispatchEvent(new Event(event)));
  return { stream, heard, leave, state, happens };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", locks: { request } });
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  vi.stubGlobal("EventSource", FakeSource);
  locks = { held: undefined, waiting: [] };
  channels = new Set();
  connections = [];
});

afterEach(() => vi.useRealTimers());

describe("the stream", () => {
  it("is one for all tabs, and all of them hear it", async () => {
    const tabs: Tab[] = [];
    for (let count = 0; count < 8; count++) tabs.push(await tab());
    expect(connections).toHaveLength(1);
    connections[0]?.opens();
    connections[0]?.says("hint", { kind: "changed", subject_id: "car" });
    for (const { heard, stream } of tabs) {
      expect(heard).toEqual(["anything", "car"]);
      expect([stream.live, stream.cut]).toEqual([true, false]);
    }
  });

  it("is one a tab that can be seen, where tabs cannot agree", async () => {
    vi.stubGlobal("navigator", { language: "en" });
    const [one, other] = [await tab(), await tab()];
    expect(connections).toHaveLength(2);
    other.state.visible = "hidden";
    other.happens("visibilitychange");
    expect(connections).toHaveLength(1);
    other.state.visible = "visible";
    other.happens("visibilitychange");
    connections.at(-1)?.opens();
    expect([one.heard, other.heard]).toEqual([[], ["anything"]]);
  });

  it.each(["closes", "freezes", "leaves"])("goes on in another tab when its own %s, and nothing is missed", async (how) => {
    const [first, second] = [await tab(), await tab()];
    connections[0]?.opens();
    if (how === "leaves") first.leave();
    else first.happens(how === "freezes" ? "freeze" : "pagehide");
    await vi.advanceTimersByTimeAsync(6_000);
    expect(connections).toHaveLength(1);
    connections[0]?.opens();
    connections[0]?.says("hint", { kind: "changed", subject_id: "car" });
    expect(second.heard).toEqual(["anything", "anything", "car"]);
  });

  it("is taken from a tab that sleeps without a word, and not twice", async () => {
    const first = await tab();
    connections[0]?.opens();
    // It holds the lock, and neither it nor its connection says anything any more.
    const [asleep] = connections;
    channels.clear();
    const second = await tab();
    expect(connections).toEqual([asleep]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(connections).toHaveLength(1);
    expect(connections[0]).not.toBe(asleep);
    connections[0]?.opens();
    expect(second.heard).toEqual(["anything"]);
    expect(first.stream).not.toBe(second.stream);
  });

  it("is opened anew when nothing comes any more, and says since when", async () => {
    const { stream, heard } = await tab();
    const [first] = connections;
    first?.opens();
    for (let beats = 0; beats < 4; beats++) {
      await vi.advanceTimersByTimeAsync(15_000);
      first?.says("heartbeat", { every_seconds: 15 });
    }
    const last = Date.now();
    expect([stream.live, connections[0] === first]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(45_000);
    expect([stream.live, stream.cut, stream.asOf?.getTime()]).toEqual([false, true, last]);
    expect(connections).toHaveLength(1);
    expect(connections[0]).not.toBe(first);
    connections[0]?.opens();
    expect([stream.live, stream.cut, heard.length]).toEqual([true, false, 2]);
  });

  it("ends when the browser says that the network is gone, and is believed again once another one opens", async () => {
    const { stream, happens } = await tab();
    const [first] = connections;
    first?.opens();
    happens("offline");
    expect([stream.live, stream.cut, connections.length]).toEqual([false, true, 0]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([stream.cut, connections.length, connections[0] === first]).toEqual([true, 1, false]);
    connections[0]?.opens();
    expect([stream.live, stream.cut]).toEqual([true, false]);
  });

  it("is not taken for cut while it opens, however slow the line is", async () => {
    const tabs = [await tab(), await tab()];
    const [first] = connections;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(tabs.map(({ stream }) => stream.cut)).toEqual([false, false]);
    expect([connections.length, connections[0] === first]).toEqual([1, true]);
    first?.opens();
    for (const { stream } of tabs) expect([stream.live, stream.cut]).toEqual([true, false]);
  });

  it("is opened anew where it never opened", async () => {
    const { stream } = await tab();
    const [first] = connections;
    await vi.advanceTimersByTimeAsync(45_000);
    expect([stream.cut, connections.length, connections[0] === first]).toEqual([true, 1, false]);
  });
});
