import { beforeEach, describe, expect, it, vi } from "vitest";
import { renewed } from "./renewal";

const page = (version: string): string => `<html><script type="module" crossorigin src="/assets/${version}.js"></script>`;
let reloads: number;
let served: () => Response;

beforeEach(() => {
  reloads = 0;
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal("location", { reload: () => reloads++ });
  vi.stubGlobal("document", { querySelector: () => ({ getAttribute: () => "/assets/old.js" }) });
  vi.stubGlobal("fetch", async () => served());
});

/** How often the page was loaded anew after `tries` screens that would not load. */
async function after(tries: number): Promise<number> {
  for (let count = 0; count < tries; count++) {
    void renewed();
    await new Promise((done) => setTimeout(done, 5));
  }
  return reloads;
}

describe("an open app of which a part is gone", () => {
  it("is loaded anew where the server has a newer version, and once for that", async () => {
    served = () => new Response(page("new"));
    expect(await after(3)).toBe(1);
    served = () => new Response(page("newer"));
    expect(await after(3)).toBe(2);
  });

  it.each([
    ["the server has the same", () => new Response(page("old"))],
    ["the server is being started", () => new Response("", { status: 502 })],
    ["a hotspot answers", () => new Response("<html>Welcome")],
    [
      "there is no network",
      () => {
        throw new TypeError("Failed to fetch");
      },
    ],
  ])("stays as it is where %s", async (_, answer) => {
    served = answer;
    expect(await after(2)).toBe(0);
  });
});
