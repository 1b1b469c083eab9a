import { describe, expect, it } from "vitest";
import { confirmationOf } from "./confirming";

type Facts = Parameters<typeof confirmationOf>[0];

function facts(checks: readonly [string, string, string | null][], severities: readonly string[] = []): Facts {
  return {
    checks: checks.map(([shot, text, outcome]) => ({ shot, text, outcome })),
    evidence: [{ evidence_id: "1", shot: "vin_stamped" }, { evidence_id: "2", shot: "front" }],
    findings: severities.map((severity) => ({ severity })),
  } as unknown as Facts;
}

describe("what a clean answer rests on", () => {
  it("is what was found to be fine, on the photos that it is about", () => {
    const said = confirmationOf(facts([["vin_stamped", "Even", "ok"], ["vin_stamped", "No welding", "ok"], ["front", "Straight", "impossible"]]));
    expect(said).toEqual({ text: "Even; No welding", places: [{ evidence_id: "1", region: null }] });
  });

  it("is nothing where nothing was found to be fine", () => {
    expect(confirmationOf(facts([["vin_stamped", "Even", null], ["front", "Straight", "odd"]]))).toBeUndefined();
  });

  it("is not said twice", () => {
    expect(confirmationOf(facts([["vin_stamped", "Even", "ok"]], ["confirmed"]))).toBeUndefined();
  });
});
