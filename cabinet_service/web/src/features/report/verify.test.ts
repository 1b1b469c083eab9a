import { expect, test } from "vitest";
import { codeIn, grouped } from "./verify";

test.each([
  ["7k3m92xa7k3m92xa7k3m", "7K3M-92XA-7K3M-92XA-7K3M"],
  ["7K3M 92XA–7K3M", "7K3M-92XA-7K3M"],
  ["OIL", "011"],
  ["А В Е К", "ABEK"],
  ["u!?", ""],
  ["", ""],
])("%s is shown as %s", (typed, shown) => expect(grouped(typed)).toBe(shown));

test("a code is whole, or none", () => {
  expect(codeIn("7K3M-92XA-7K3M-92XA-7K3M")).toBe("7K3M92XA7K3M92XA7K3M");
  expect(codeIn("7K3M-92XA")).toBe("");
  expect(codeIn(grouped("7k3m92xa7k3m92xa7k3m"))).toHaveLength(20);
});
