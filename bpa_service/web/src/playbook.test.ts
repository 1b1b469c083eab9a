import { describe, expect, it, vi } from "vitest";

vi.mock("./api/client", () => ({ api: {} }));
const { fits } = await import("./playbook.svelte");

const words = (more: object) =>
  ({ kind: "summary", shot: null, verdict: null, language: null, ...more }) as unknown as Parameters<typeof fits>[0];
const under = (verdict: "clean" | "forgery_signs" | "", languages = ["en"]) => ({ kind: "summary", verdict, languages }) as const;

describe("ready words", () => {
  it("follow the verdict: none that say otherwise are offered", () => {
    expect(fits(words({ verdict: "clean" }), under("clean"))).toBe(true);
    expect(fits(words({ verdict: "clean" }), under("forgery_signs"))).toBe(false);
    expect(fits(words({ verdict: "clean" }), under(""))).toBe(false);
    expect(fits(words({}), under("forgery_signs"))).toBe(true);
  });

  it("are in a language of the desk or of the client", () => {
    expect(fits(words({ language: "ru" }), under("", ["en"]))).toBe(false);
    expect(fits(words({ language: "ru" }), under("", ["en", "ru"]))).toBe(true);
    expect(fits(words({}), under("", ["en"]))).toBe(true);
  });
});
