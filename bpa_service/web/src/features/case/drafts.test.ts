import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Case } from "../../api/client";

vi.mock("../../api/client", () => ({ api: {} }));
const { DraftOfCase } = await import("./drafts.svelte");

const EARLIER = "2026-11-26T12:00:00Z";
const LATER = "2026-11-26T12:05:00.5Z";

function found(summary?: string, saved_at = EARLIER): Case {
  const author = { expert_id: "anna", display_name: "Anna" };
  const draft = { verdict: null, summary: summary ?? "", advice: "", not_covered: "", without: [], author, saved_at };
  return { id: "case", draft: summary === undefined ? null : draft } as unknown as Case;
}

function here(summary: string, saved: string | undefined, ours: boolean): void {
  const draft = { verdict: "", summary, advice: "", notCovered: "", without: [] };
  localStorage.setItem("verdict of case", JSON.stringify({ draft, saved, ours }));
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

describe("the draft to go on with", () => {
  it("is empty where nobody has begun", () => {
    expect(new DraftOfCase(found()).draft.summary).toBe("");
  });

  it("is the server's where nothing was written here, or something older", () => {
    expect(new DraftOfCase(found("theirs")).draft.summary).toBe("theirs");
    here("mine", EARLIER, false);
    expect(new DraftOfCase(found("theirs", LATER)).draft.summary).toBe("theirs");
  });

  it("is what was saved from here, though the case was fetched before that", () => {
    here("mine", LATER, false);
    const drafted = new DraftOfCase(found("theirs", EARLIER));
    expect([drafted.draft.summary, drafted.other]).toEqual(["mine", undefined]);
  });

  it("is what the server has not got yet, and a newer one of somebody else is offered", () => {
    here("mine", EARLIER, true);
    const drafted = new DraftOfCase(found("theirs", LATER));
    expect([drafted.draft.summary, drafted.other?.summary]).toEqual(["mine", "theirs"]);
    drafted.takeOther();
    expect([drafted.draft.summary, drafted.other]).toEqual(["theirs", undefined]);
  });

  it("survives what is no draft", () => {
    localStorage.setItem("verdict of case", "{not json");
    expect(new DraftOfCase(found("theirs")).draft.summary).toBe("theirs");
  });
});
