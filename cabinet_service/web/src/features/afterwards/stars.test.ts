import { expect, test } from "vitest";
import { starsFor } from "./stars";

test("stars that were chosen for another version of the answer are none for this one", () => {
  const kept = { of: { kind: "rating", version: 1, stars: 5 } } as const;
  expect([starsFor(kept, 1), starsFor(kept, 2), starsFor(undefined, 1)]).toEqual([5, undefined, undefined]);
});
