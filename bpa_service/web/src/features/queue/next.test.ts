import { describe, expect, it } from "vitest";
import type { QueueRow, State } from "../../api/client";
import { above, below, first } from "./next";

function row(id: string, holder?: string, state: State = "queued"): QueueRow {
  return { id, state, holder: holder ? { expert_id: holder } : null } as unknown as QueueRow;
}

const ROWS = [row("hers", "vera"), row("waits", "anna", "waiting_client"), row("1"), row("here", "anna"), row("mine", "anna"), row("2")];

function asking(here: string, ...answered: string[]) {
  return { me: "anna", amends: true, here, answered: new Set(answered) };
}

describe("the next case", () => {
  it("is the first that nobody else has and that can be worked on", () => {
    expect(first(ROWS, asking("here"))).toBe("1");
  });

  it("is no dispute of one's own answer", () => {
    const disputes = ["anna", "vera"].map((author) => ({ ...row(author, undefined, "disputed"), disputed: true, answered_by: author }));
    expect(first(disputes, asking("here"))).toBe("vera");
  });

  it("is no dispute for who does not amend", () => {
    const rows = [{ ...row("disputed", undefined, "disputed"), disputed: true, answered_by: "vera" }, row("1")];
    const plain = { ...asking("here"), amends: false };
    expect([first(rows, asking("here")), first(rows, plain), below(rows, plain), above(rows, { ...plain, here: "1" })]).toEqual(["disputed", "1", "1", undefined]);
  });

  it("is none that was answered a moment ago", () => {
    expect(first(ROWS, asking("here", "1"))).toBe("mine");
  });

  it("is below this one, where one goes down the queue, and at its end the first", () => {
    expect(below(ROWS, asking("here"))).toBe("mine");
    expect(below(ROWS, asking("here", "mine", "2"))).toBe("1");
    expect(below(ROWS, asking("2"))).toBe("1");
    expect(below(ROWS, asking("elsewhere"))).toBe("waits");
  });

  it("is above this one, where one goes up the queue, and none above its head", () => {
    expect(above(ROWS, asking("here"))).toBe("1");
    expect(above(ROWS, asking("mine"))).toBe("here");
    expect(above(ROWS, asking("1"))).toBe("waits");
    expect([above(ROWS, asking("waits")), above(ROWS, asking("elsewhere"))]).toEqual([undefined, undefined]);
  });

  it("is none where there is none", () => {
    expect([first([row("here"), row("hers", "vera")], asking("here")), below([], asking("here"))]).toEqual([undefined, undefined]);
  });
});
