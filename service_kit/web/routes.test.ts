import { describe, expect, it } from "vitest";
import { match } from "./routes";

describe("addresses", () => {
  it("give the parts that a pattern names", () => {
    expect(match("/inspections/:id/info-tasks/:task", "/inspections/7/info-tasks/%D1%8F")).toEqual({ id: "7", task: "я" });
    expect(match("/", "/")).toEqual({});
    expect(match("/help", "/help/")).toEqual({});
  });

  it("do not fit patterns of another length or other words", () => {
    expect(match("/inspections/:id", "/inspections")).toBeUndefined();
    expect(match("/inspections/:id", "/inspections/")).toBeUndefined();
    expect(match("/help", "/profile")).toBeUndefined();
    expect(match("/", "/help")).toBeUndefined();
  });

  it("that are not well encoded are no screen", () => {
    expect(match("/inspections/:id", "/inspections/%E0%A4%A")).toBeUndefined();
  });
});
