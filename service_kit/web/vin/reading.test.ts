import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readVin, type VinReading } from "./reading";

interface Vector extends VinReading {
  typed: string;
}

const VECTORS = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8")) as Vector[];

test("the server wrote what is to be read, and enough of it", () => {
  expect(VECTORS.length).toBeGreaterThan(200);
});

test.each(VECTORS)("reads $typed as the server does", ({ typed, ...expected }) => {
  expect(readVin(typed)).toEqual(expected);
});
