import { describe, expect, it } from "vitest";
import { confirmationOf } from "./confirming";

type Facts = Parameters<typeof confirmationOf>[0];

const same = (shots: readonly string[]): string => `same on ${shots.join(", ")}`;
const said = (of: Facts, agreeing: Parameters<typeof confirmationOf>[1] = []): ReturnType<typeof confirmationOf> => confirmationOf(of, agreeing, same);

function facts(checks: readonly [string, string, string | null][], severities: readonly string[] = []): Facts {
  return {
    checks: checks.map(([shot, text, outcome]) => ({ shot, text, outcome })),
    evidence: [{ evidence_id: "1", shot: "vin_stamped" }, { evidence_id: "2", shot: "front" }],
    findings: severities.map((severity) => ({ severity })),
  } as unknown as Facts;
}

describe("what a clean answer rests on", () => {
  it("is what was found to be fine, on the photos that it is about", () => {
    const found = said(facts([["vin_stamped", "Even", "ok"], ["vin_stamped", "No welding", "ok"], ["front", "Straight", "impossible"]]));
    expect(found).toEqual({ text: "Even; No welding", places: [{ evidence_id: "1", region: null }] });
  });

  it("is nothing where nothing was found to be fine", () => {
    expect(said(facts([["vin_stamped", "Even", null], ["front", "Straight", "odd"]]))).toBeUndefined();
  });

  it("is not said twice", () => {
    const everywhere = [{ evidence_id: "1", region: null }, { evidence_id: "2", region: null }];
    expect(said(facts([["vin_stamped", "Even", "ok"]], ["confirmed"]), everywhere)).toBeUndefined();
  });

  it("is first of all the number that was accepted in several places, each of them named once", () => {
    const [body, front] = [{ evidence_id: "1", region: { x: 0.1, y: 0.2, width: 0.5, height: 0.1 } }, { evidence_id: "2", region: null }];
    expect(said(facts([]), [body, front])).toEqual({ text: "same on vin_stamped, front", places: [body, front] });
    expect(said(facts([["vin_stamped", "Even", "ok"]]), [body, front])).toEqual({ text: "same on vin_stamped, front; Even", places: [body, front] });
  });

  it("is no number that was accepted in one place alone", () => {
    expect(said(facts([]), [{ evidence_id: "1", region: null }])).toBeUndefined();
  });
});
