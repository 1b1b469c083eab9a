import { describe, expect, it } from "vitest";
import type { Decision } from "../../api/client";
import type { Entry } from "./watched.svelte";
import { amended, forNewPhotos } from "./verdict";

const decided_at = "2026-11-29T16:02:00Z";

function told(...kinds: [Entry["kind"], string][]): Entry[] {
  return kinds.map(([kind, verdict], before) => ({ kind, data: { version: before + 1, verdict } }) as unknown as Entry);
}

function answer(version: number, verdict: string): Decision {
  return { version, verdict, decided_at } as Decision;
}

describe("new photos", () => {
  it("go with the check while it goes on, and with an objection once there is an answer", () => {
    expect(forNewPhotos(["add_photo", "post_message", "cancel"])).toBe("check");
    expect(forNewPhotos(["add_photo", "post_message", "dispute", "close"])).toBe("objection");
  });

  it("are looked at by nobody once it is closed", () => {
    expect(forNewPhotos([])).toBeUndefined();
  });
});

describe("an answer that was amended", () => {
  it("says when, and what it was", () => {
    const entries = told(["decision_issued", "doubts"], ["decision_amended", "forgery_signs"]);
    expect(amended(answer(2, "forgery_signs"), entries)).toEqual({ at: new Date(decided_at), was: "doubts" });
  });

  it("names no other where the verdict stayed, or where nobody knows it", () => {
    const entries = told(["decision_issued", "doubts"], ["decision_amended", "doubts"]);
    expect(amended(answer(2, "doubts"), entries)).toEqual({ at: new Date(decided_at), was: undefined });
    expect(amended(answer(2, "doubts"), entries.slice(1))?.was).toBeUndefined();
  });

  it("is not the first one, nor the one after a first word", () => {
    expect(amended(answer(1, "clean"), told(["decision_issued", "clean"]))).toBeUndefined();
    const afterAWord = told(["decision_preliminary", "doubts"], ["decision_issued", "clean"]);
    expect(amended(answer(2, "clean"), afterAWord)).toBeUndefined();
  });
});
