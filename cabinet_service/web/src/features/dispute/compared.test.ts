import { expect, test } from "vitest";
import type { Decision } from "../../api/client";
import { compared, type Names } from "./compared";

type Finding = Decision["findings"][number];

const finding = (text: string, more: Partial<Finding> = {}): Finding => ({ finding_id: text, severity: "anomaly", text, places: [], ...more }) as unknown as Finding;
const FIRST = { verdict: "doubts", summary: "Look again", advice: null, findings: [finding("Rivets"), finding("Rust")], not_covered: ["Engine"] } as unknown as Decision;
const NAMES: Names = { verdict: (one) => `<${one}>`, severity: (one) => `<${one}>`, explained: "why", meaning: "means", toDo: "do" };

test("what differs stands side by side, and nothing else", () => {
  const second = { ...FIRST, findings: [finding("Rivets", { explanation: "replaced by law" })], advice: "Ask for the papers" };

  expect(compared(FIRST, second, NAMES)).toEqual([
    { what: "advice", before: [], after: ["Ask for the papers"] },
    { what: "findings", before: ["<anomaly>: Rivets", "<anomaly>: Rust"], after: ["<anomaly>: Rivets\nwhy: replaced by law"] },
  ]);
  expect(compared(FIRST, { ...FIRST, verdict: "clean" }, NAMES)).toEqual([{ what: "verdict", before: ["<doubts>"], after: ["<clean>"] }]);
  expect(compared(FIRST, { ...FIRST }, NAMES)).toEqual([]);
});

test.each<[Partial<Finding>, string]>([
  [{ severity: "contradiction" }, "<contradiction>: Rust"],
  [{ meaning: "It is old" }, "<anomaly>: Rust\nmeans: It is old"],
  [{ to_do: "Scratch it" }, "<anomaly>: Rust\ndo: Scratch it"],
])("a finding of the same text that says something else differs: %o", (more, said) => {
  const after = { ...FIRST, findings: [finding("Rivets"), finding("Rust", more)] };

  expect(compared(FIRST, after, NAMES)).toEqual([{ what: "findings", before: ["<anomaly>: Rivets", "<anomaly>: Rust"], after: ["<anomaly>: Rivets", said] }]);
});

test("lines are not the things that they stand in", () => {
  const [before, after] = [{ ...FIRST, not_covered: ["Engine\nGlass"] }, { ...FIRST, not_covered: ["Engine", "Glass"] }];

  expect(compared(before, after, NAMES).map((row) => row.what)).toEqual(["not_covered"]);
});
