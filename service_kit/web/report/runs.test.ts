import { expect, test } from "vitest";
import { example } from "./example.testing";
import { runsOf } from "./runs";

test("what stands together is one list, what is between stays between", () => {
  const [, , found, seen] = example(2, 3).sections;
  const blocks = [...(found?.blocks ?? []), ...(seen?.blocks ?? []), ...(seen?.blocks ?? []), ...(found?.blocks ?? [])];
  expect(runsOf(blocks).map((run) => [run.kind, run.kind === "one" ? 1 : run.all.length])).toEqual([
    ["findings", 2],
    ["one", 1],
    ["pictures", 3],
    ["one", 1],
    ["pictures", 3],
    ["findings", 2],
  ]);
});

test("photos of several shots are one list, each under its own title", () => {
  const { pictures } = { pictures: example(0, 2).sections.flatMap(({ blocks }) => blocks).find((one) => one.type === "pictures")?.pictures ?? [] };
  const [run] = runsOf([{ type: "pictures", title: "A", pictures }, { type: "pictures", title: "B", pictures }]);
  expect(run?.kind === "pictures" && run.all.map(({ title }) => title)).toEqual(["A", "A", "B", "B"]);
});
