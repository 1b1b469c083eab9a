import { describe, expect, it } from "vitest";
import type { Case } from "../../api/client";
import { fromClient, meanwhile } from "./meanwhile";

const SEEN = {
  version: 4,
  holder: { expert_id: "anna" },
  disputed: false,
  ended_at: null,
  urgent: false,
  decisions: [],
  findings: [{ finding_id: "f", changed_at: "12:00", explanation: null }],
  checks: [{ check_id: "c", required: true, outcome: "ok" }],
  second_opinion: null,
  info_tasks: [{ task_id: "t", state: "open" }],
  messages: [{ message_id: "m", side: "client", text: "Hello" }],
  notes: [],
  evidence: [{ evidence_id: "e", original: "awaited" }],
} as unknown as Case;

const after = (change: object) => meanwhile(SEEN, { ...SEEN, version: 5, ...change } as unknown as Case);

describe("what happened since a verdict was given", () => {
  it.each([
    ["nothing but time", {}],
    ["the lead's priority", { urgent: true }],
    ["a note", { notes: [{ note_id: "n" }] }],
    ["a word of an expert", { messages: [...SEEN.messages, { message_id: "n", side: "expert", text: "Soon" }] }],
    ["the original of a photo", { evidence: [{ evidence_id: "e", original: "held" }] }],
  ])("lets it pass: %s", (_, change) => {
    const found = after(change);
    expect([fromClient(found), found.other]).toEqual([false, false]);
  });

  it.each([
    ["a message", { messages: [...SEEN.messages, { message_id: "n", side: "client", text: "Wait!" }] }],
    ["a photo", { evidence: [...SEEN.evidence, { evidence_id: "g", original: "held" }] }],
    ["an answer", { info_tasks: [{ task_id: "t", state: "fulfilled" }] }],
  ])("is for its author to see: %s", (_, change) => {
    const found = after(change);
    expect([fromClient(found), found.other]).toEqual([true, false]);
  });

  it.each([
    ["another holder", { holder: { expert_id: "boris" } }],
    ["a finding that says something else", { findings: [{ ...SEEN.findings[0], changed_at: "12:05" }] }],
    ["a finding more", { findings: [...SEEN.findings, { finding_id: "g", changed_at: "12:05" }] }],
    ["a check that is open again", { checks: [{ check_id: "c", required: true, outcome: null }] }],
    ["a second opinion", { second_opinion: { second_opinion_id: "s" } }],
    ["an answer", { decisions: [{ version: 1 }] }],
    ["a question", { info_tasks: [...SEEN.info_tasks, { task_id: "u", state: "open" }] }],
  ])("makes it another case: %s", (_, change) => {
    expect(after(change).other).toBe(true);
  });
});
