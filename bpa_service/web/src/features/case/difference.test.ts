import { describe, expect, it } from "vitest";
import type { Case, Decision } from "../../api/client";
import { difference } from "./difference";

const ANSWER = {
  verdict: "forgery_signs",
  summary: "Struck with another tool.",
  advice: null,
  findings: [{ finding_id: "1", text: "Lower digits" }],
  not_covered: ["glass", "engine"],
} as unknown as Decision;
const FOUND = {
  findings: [
    { finding_id: "1", text: "Lower digits", explanation: null },
    { finding_id: "2", text: "Certificate", explanation: null },
  ],
} as unknown as Case;
const SAME = {
  verdict: "forgery_signs",
  summary: "Struck with another tool. ",
  advice: "",
  notCovered: "glass\n engine\n",
  ordered: [],
  without: ["2"],
  reasons: {},
  reason: "",
} as const;

const between = (draft: Parameters<typeof difference>[1]) => difference(ANSWER, draft, FOUND, (one) => one);

describe("what an amendment changes", () => {
  it("is nothing while the answer is only repeated", () => {
    expect(between(SAME)).toEqual([]);
  });

  it("is what goes and what comes, place by place", () => {
    const draft = { ...SAME, verdict: "clean", advice: "Buy it.", notCovered: "engine", without: ["1"] } as const;
    expect(between(draft)).toEqual([
      { what: "verdict", before: ["forgery_signs"], after: ["clean"] },
      { what: "advice", before: [], after: ["Buy it."] },
      { what: "not_covered", before: ["glass"], after: [] },
      { what: "findings", before: ["Lower digits"], after: ["Certificate"] },
    ]);
  });
});
