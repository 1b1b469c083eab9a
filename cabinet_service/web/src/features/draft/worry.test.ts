import { expect, it } from "vitest";
import { joined, parted } from "./worry";

const SIGNS = ["New rivets", "Odd keys"];

it("comes apart as it was put together", () => {
  for (const own of ["", "He would not open the bonnet.\n\nTwice.", " New rivets", "\n"]) {
    for (const chosen of [[], ["Odd keys"], SIGNS]) {
      expect(parted(joined(chosen, own), SIGNS)).toEqual({ chosen, own });
    }
  }
});

it("leaves what somebody wrote in another language, or twice, to their own words", () => {
  expect(parted("Ключи разные\nOdd keys", SIGNS)).toEqual({ chosen: [], own: "Ключи разные\nOdd keys" });
  expect(parted("Odd keys\nOdd keys", SIGNS)).toEqual({ chosen: ["Odd keys"], own: "Odd keys" });
});
