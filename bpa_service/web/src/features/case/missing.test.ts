import { describe, expect, it } from "vitest";
import type { Severity, Verdict } from "../../api/client";
import { missing } from "./missing";

type Facts = Parameters<typeof missing>[1];

function facts(severities: readonly Severity[], more: Partial<Facts> = {}): Facts {
  const findings = severities.map((severity, place) => ({
    finding_id: String(place),
    severity,
    text: "",
    places: [{ evidence_id: "photo", region: null }],
  }));
  return { findings, info_tasks: [], second_opinion: null, evidence: [], checks: [], ...more } as unknown as Facts;
}

function draft(verdict: Verdict | "", more = {}) {
  return { verdict, summary: "So it is", advice: "", notCovered: "", ordered: [], without: [], reasons: {}, reason: "", ...more };
}

describe("what a verdict lacks", () => {
  it.each([
    ["clean", ["confirmed"], []],
    ["clean", [], ["finding_needed"]],
    ["clean", ["confirmed", "contradiction"], ["contradiction_unresolved"]],
    ["doubts", ["unusual"], []],
    ["doubts", ["confirmed"], ["finding_needed"]],
    ["forgery_signs", ["contradiction"], []],
    ["forgery_signs", [], ["finding_needed"]],
    ["insufficient_data", [], ["not_covered_needed"]],
  ] as [Verdict, Severity[], string[]][])("%s with %j is %j", (verdict, severities, lacks) => {
    expect(missing(draft(verdict), facts(severities))).toEqual(lacks);
  });

  it("is what the expert did not say", () => {
    expect(missing(draft("", { summary: " " }), facts([]))).toEqual(["verdict", "summary"]);
  });

  it("does not count a finding that the verdict is not to rest on", () => {
    const left = { without: ["0"], reasons: { "0": "a reflection" } };
    expect(missing(draft("doubts", left), facts(["anomaly"]))).toEqual(["finding_needed"]);
  });

  it("is a reason for each finding that is left out", () => {
    const left = { without: ["1"], reasons: { "1": " " } };
    expect(missing(draft("doubts", left), facts(["anomaly", "unusual"]))).toEqual(["finding_left_out"]);
  });

  it("is a word on a contradiction, also where it is left out with a reason", () => {
    const left = { without: ["1"], reasons: { "1": "it does not matter" } };
    expect(missing(draft("clean", left), facts(["confirmed", "contradiction"]))).toEqual(["contradiction_unresolved"]);
  });

  it("is nothing where the contradiction is explained, and then it accuses nobody", () => {
    const found = facts(["confirmed", "contradiction"]);
    const explained = found.findings.map((one, at) => (at ? { ...one, explanation: "re-marked by law" } : one));
    expect(missing(draft("clean"), { ...found, findings: explained })).toEqual([]);
    expect(missing(draft("forgery_signs"), { ...found, findings: explained })).toEqual(["finding_needed"]);
  });

  it("is whatever was asked for and has not come", () => {
    const open = facts(["anomaly"], {
      info_tasks: [{ state: "open", blocking: true }, { state: "open", blocking: false }],
      second_opinion: {},
      checks: [{ required: true, outcome: null }, { required: false, outcome: null }],
      evidence: [{ evidence_id: "photo", original: "awaited" }],
    } as unknown as Partial<Facts>);
    expect(missing(draft("doubts"), open)).toEqual([
      "info_task_open",
      "check_open",
      "second_opinion_open",
      "original_awaited",
    ]);
  });

  it("is nothing that was asked for and has come", () => {
    const done = facts(["anomaly"], {
      info_tasks: [{ state: "fulfilled", blocking: true }],
      second_opinion: { answered_at: "2026-11-26T12:00:00Z" },
      checks: [{ required: true, outcome: "odd" }],
    } as unknown as Partial<Facts>);
    expect(missing(draft("doubts"), done)).toEqual([]);
  });
});
