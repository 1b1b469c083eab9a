import { expect, it } from "vitest";
import { charactersOf } from "./characters";

it("marks the changed characters wherever the groups begin", () => {
  const changes = [
    { position: 1, typed: "2", became: "Z" },
    { position: 10, typed: "O", became: "0" },
  ];
  const shown = charactersOf({ formatted: "Z94 C251BB 0R034330", changes });
  expect(shown.map((one) => one.shown).join("")).toBe("Z94 C251BB 0R034330");
  expect(shown.filter((one) => one.isChanged).map((one) => one.shown)).toEqual(["Z", "0"]);
});
