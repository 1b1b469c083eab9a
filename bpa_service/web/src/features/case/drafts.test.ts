import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Case, Decision } from "../../api/client";

const api: { PUT?: unknown } = vi.hoisted(() => ({}));
const session = { me: { id: "boris" } };
vi.mock("../../api/client", () => ({ api }));
vi.mock("../../api/session.svelte", () => ({ session }));
const { keep, placeOf } = await import("../../kept.svelte");
const { DraftOfCase, forget } = await import("./drafts.svelte");

const EARLIER = "2026-11-26T12:00:00Z";
const LATER = "2026-11-26T12:05:00.5Z";

function found(summary?: string, saved_at = EARLIER): Case {
  const author = { expert_id: "anna", display_name: "Anna" };
  const words = { summary: summary ?? "", advice: "", not_covered: "", reason: "" };
  const draft = { verdict: null, ...words, without: [], left_out: [], author, saved_at };
  return { id: "case", draft: summary === undefined ? null : draft } as unknown as Case;
}

function here(summary: string, saved: string | undefined, ours: boolean): void {
  const draft = { verdict: "", summary, advice: "", notCovered: "", ordered: [], without: [] };
  keep(placeOf("verdict in case"), { draft, saved, ours });
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  session.me.id = "boris";
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

  it("is what the answer says that it is to replace", () => {
    const finding = { finding_id: "dirt", text: "Dirt" };
    const answer = {
      version: 2,
      verdict: "doubts",
      summary: "Hm.",
      advice: null,
      not_covered: ["glass", "engine"],
      findings: [{ finding_id: "second" }, { finding_id: "first" }],
      left_out: [{ finding, reason: "it came off" }],
    };
    const case_ = { ...found(), findings: [finding] } as unknown as Case;
    here("of the first answer", EARLIER, true);
    expect(new DraftOfCase(case_, answer as unknown as Decision).draft).toEqual({
      verdict: "doubts",
      summary: "Hm.",
      advice: "",
      notCovered: "glass\nengine",
      ordered: ["second", "first"],
      without: ["dirt"],
      reasons: { dirt: "it came off" },
      reason: "",
    });
  });

  it("is kept no more once it was sent, whatever comes late", async () => {
    let answer: ((value: unknown) => void) | undefined;
    api.PUT = vi.fn(() => new Promise((done) => (answer = done)));
    const drafted = new DraftOfCase(found());
    drafted.changed({ ...drafted.draft, summary: "So it is" });
    const saving = drafted.save();
    drafted.end();
    forget("case");
    answer?.({ data: { saved_at: LATER }, response: new Response() });
    await saving;
    drafted.changed({ ...drafted.draft, summary: "So it was" });
    expect(localStorage.getItem(placeOf("verdict in case"))).toBe(null);
    expect(api.PUT).toHaveBeenCalledTimes(1);
  });

  it("is never a colleague's at the same desk, nor is theirs saved by another", async () => {
    api.PUT = vi.fn();
    const hers = new DraftOfCase(found());
    hers.changed({ ...hers.draft, summary: "hers" });
    session.me.id = "vera";
    expect(new DraftOfCase(found()).draft.summary).toBe("");
    await hers.save();
    expect(api.PUT).not.toHaveBeenCalled();
    session.me.id = "boris";
    expect(new DraftOfCase(found()).draft.summary).toBe("hers");
  });

  it("survives what is no draft", () => {
    localStorage.setItem(placeOf("verdict in case"), "{not json");
    expect(new DraftOfCase(found("theirs")).draft.summary).toBe("theirs");
  });
});
