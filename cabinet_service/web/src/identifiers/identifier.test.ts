import { describe, expect, it } from "vitest";
import { grouped } from "./grouped";
import { breaksRules, canStand, hint } from "./identifier";

describe("a VIN while it is typed", () => {
  it("counts what is missing, whatever stands between the characters", () => {
    expect(hint(" *sal 1a2-a40sa6 ", "vin")).toMatchObject({ value: "SAL1A2A40SA6", missing: 5, strange: [] });
    expect(hint("SAL1A2A40SA606662", "vin").missing).toBe(0);
    expect(hint("SAL1A2A40SA6066621", "vin").missing).toBe(-1);
  });

  it("repairs Cyrillic twins and says so", () => {
    const read = hint("ХТА210990У2766389", "vin");
    expect(read.value).toBe("XTA210990Y2766389");
    expect(read.repaired).toEqual(["Х", "Т", "А", "У"]);
  });

  it("never turns an O into a zero", () => {
    expect(hint("SAL1A2A4OSA606662", "vin")).toMatchObject({ value: "SAL1A2A4OSA606662", strange: ["O"] });
  });

  it("knows what stands around it, and what may stand on a car", () => {
    expect(hint("VIN: sal1a2a40sa606662.", "vin")).toMatchObject({ value: "SAL1A2A40SA606662", missing: 0 });
    expect(hint("вин № SAL1A2A40SA606662", "vin").value).toBe("SAL1A2A40SA606662");
    expect(breaksRules(hint("SAL1A2A4OSA60666", "vin"))).toBe(true);
    expect(canStand("SAL1A2A4OSA60666")).toBe(true);
    expect(canStand("SAL1A2A4😀SA60666")).toBe(false);
  });

  it("is shown in groups of 3, 6 and 8", () => {
    expect(grouped("SAL1A2A40SA606662", "vin").split("\u2009")).toEqual(["SAL", "1A2A40", "SA606662"]);
    expect(grouped("SAL1", "vin")).toBe("SAL\u20091");
  });
});

describe("other numbers", () => {
  it("keep the hyphen of a frame number, and need no 17 characters", () => {
    expect(hint("sv30\u20130169266", "frame")).toMatchObject({ value: "SV30-0169266", missing: 0, strange: [] });
  });

  it("have groups of their own", () => {
    expect(grouped("A123BC77", "plate").split("\u2009")).toEqual(["А", "123", "ВС", "77"]);
    expect(grouped("АВ123Х777", "plate").split("\u2009")).toEqual(["АВ", "123", "Х", "777"]);
    expect(grouped("B-MW 1234", "plate")).toBe("B-MW 1234");
    expect(grouped("SV30-0169266", "frame").split("\u2009")).toEqual(["SV30", "-", "0169266"]);
  });

  it("leave a plate in the letters that it was typed in", () => {
    expect(hint("а123вс 77", "plate").value).toBe("А123ВС77");
  });
});
