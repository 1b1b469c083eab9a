import { expect, test } from "vitest";
import { graphOf, HIGH, WIDE } from "./graph";

const READ = [
  { year: 2014.2, km: 0 },
  { year: 2019.5, km: 148_000 },
  { year: 2017.1, km: 91_000 },
  { year: 2023.9, km: 84_000 },
];

test("everything lies within the graph, in the order of the years", () => {
  const { spots, years, heights } = graphOf(READ);
  expect(spots.map(({ x }) => x)).toEqual([...spots.map(({ x }) => x)].sort((one, other) => one - other));
  for (const { x, y } of spots) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThanOrEqual(WIDE);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(HIGH);
  }
  expect([years[0]?.year, years.at(-1)?.year]).toEqual([2014, 2024]);
  expect(years.length).toBeLessThanOrEqual(5);
  expect(heights.map(({ km }) => km)).toEqual([0, 100_000, 200_000]);
});

test("a lower reading is not drawn as a fall, and a rollback is", () => {
  expect(graphOf(READ).lines.map(({ falls }) => falls)).toEqual([false, false, false]);
  const { lines, spots } = graphOf(READ, [[1, 3]]);
  expect(lines.map(({ falls }) => falls)).toEqual([false, false, true]);
  expect([lines[2]?.x, lines[2]?.to]).toEqual([spots[2]?.x, spots[3]]);
});

test("a rollback between readings apart is a line of its own, and one of no reading is none", () => {
  const { lines, spots } = graphOf(READ, [[2, 3], [0, 9]]);
  expect(lines.map(({ falls }) => falls)).toEqual([false, false, false, true]);
  expect([lines[3]?.x, lines[3]?.to]).toEqual([spots[1]?.x, spots[3]]);
});

test("one reading, or none, is a graph as well", () => {
  expect(graphOf([{ year: 2020, km: 5 }]).spots).toHaveLength(1);
  expect(graphOf([{ year: 2020, km: 5 }]).lines).toEqual([]);
  expect(graphOf([]).spots).toEqual([]);
  expect(graphOf([{ year: Number.NaN, km: 5 }]).spots).toEqual([]);
});

test.each([1, 2, 5, 7, 9, 11, 30])("over %i years at most five are named, none twice and all apart", (span) => {
  const { years } = graphOf([{ year: 2000, km: 1 }, { year: 2000 + span, km: 2 }]);
  expect(years.length).toBeLessThanOrEqual(5);
  const named = years.map(({ year }) => year);
  expect(named).toEqual([...new Set(named)]);
  for (const [place, { x }] of years.entries()) if (place) expect(x - (years[place - 1]?.x ?? 0)).toBeGreaterThan(30);
});
