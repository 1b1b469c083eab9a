import { describe, expect, it } from "vitest";
import { aboutIt, alongOf, cornerMoved, counted, COUNTS, cutMoved, evenGrid, isConvex, placing, scaled, sizeOf, type Grid } from "./grid";
import { frontal, frontalGrey } from "./rectify";

const BOX = { x: 40, y: 30, width: 340, height: 50 };

/** The same throws each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

/** Grids as hands leave them: corners and cuts moved at random. */
function grids(count: number): Grid[] {
  const roll = dice(11);
  return Array.from({ length: count }, () => {
    let grid = evenGrid(BOX, 2 + Math.floor(roll() * 24));
    for (let move = 0; move < 30; move++) {
      const by = { x: (roll() - 0.5) * 60, y: (roll() - 0.5) * 30 };
      grid = roll() < 0.5 ? cornerMoved(grid, Math.floor(roll() * 4), by) : cutMoved(grid, Math.floor(roll() * grid.cuts.length), by.x / 100);
    }
    return grid;
  });
}

describe("a grid", () => {
  it("stays a grid, whatever is moved where", () => {
    for (const { corners, cuts } of grids(60)) {
      expect(isConvex(corners)).toBe(true);
      expect([cuts[0], cuts.at(-1)]).toEqual([0, 1]);
      for (let at = 1; at < cuts.length; at++) expect(cuts[at]).toBeGreaterThan(cuts[at - 1]!);
    }
  });

  it("places its corners at its corners, and keeps straight lines straight", () => {
    for (const { corners } of grids(60)) {
      const place = placing(corners);
      for (const [at, [along, down]] of [[0, 0], [1, 0], [1, 1], [0, 1]].entries()) {
        expect(place(along!, down!).x).toBeCloseTo(corners[at]!.x, 6);
        expect(place(along!, down!).y).toBeCloseTo(corners[at]!.y, 6);
      }
      const [from, middle, to] = [0.1, 0.45, 0.9].map((along) => place(along, 0.3)) as [{ x: number; y: number }, { x: number; y: number }, { x: number; y: number }];
      expect((middle.x - from.x) * (to.y - from.y) - (middle.y - from.y) * (to.x - from.x)).toBeCloseTo(0, 5);
    }
  });

  it("tells how far along it a point lies", () => {
    for (const { corners } of grids(60)) {
      for (const along of [0, 0.3, 0.72, 1]) expect(alongOf(corners, placing(corners)(along, 0.5))).toBeCloseTo(along, 4);
    }
  });

  it("takes from two characters to thirty, and keeps its cuts for the number that it has", () => {
    const moved = cutMoved(evenGrid(BOX, 9), 3, 0.02);
    expect(counted(moved, 9)).toBe(moved);
    expect(counted(moved, 25).cuts).toHaveLength(26);
    expect(counted(moved, 25).corners).toBe(moved.corners);
    expect(evenGrid(BOX, 400).cuts).toHaveLength(COUNTS.most + 1);
    expect(evenGrid(BOX, 0).cuts).toHaveLength(COUNTS.least + 1);
  });

  it("is laid by nine hands, the first of them its own, each a little otherwise", () => {
    for (const grid of grids(20)) {
      const all = aboutIt(grid);
      const { height } = sizeOf(grid.corners);
      expect(all[0]).toBe(grid);
      expect(new Set(all.map(({ corners }) => JSON.stringify(corners))).size).toBe(9);
      for (const { corners, cuts } of all) {
        expect(cuts).toEqual(grid.cuts);
        for (const [at, { x, y }] of corners.entries()) {
          expect(Math.hypot(x - grid.corners[at]!.x, y - grid.corners[at]!.y)).toBeLessThan(0.4 * height);
        }
      }
    }
  });

  it("comes back from shares of a picture", () => {
    for (const grid of grids(20)) {
      const { corners } = scaled(scaled(grid, 1 / 640, 1 / 480), 640, 480);
      for (const [at, { x, y }] of corners.entries()) {
        expect(x).toBeCloseTo(grid.corners[at]!.x);
        expect(y).toBeCloseTo(grid.corners[at]!.y);
      }
    }
  });
});

describe("what lies under a grid", () => {
  /** A row of upright stripes, seen aslant: its own corners are known. */
  const seen = evenGrid(BOX, 10);
  const aslant = cornerMoved(cornerMoved(seen, 1, { x: -20, y: 14 }), 2, { x: -30, y: -9 });

  it("is straight again, though it was seen aslant", () => {
    const [width, height] = [420, 120];
    const data = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[y * width + x] = Math.floor(across(x + 0.5, y + 0.5) * 10) % 2 ? 200 : 50;
    }
    const front = frontalGrey({ width, height, data }, aslant.corners, { from: 0, to: 1, above: 0.2, below: 0.8 }, 200, 20);
    for (let row = 0; row < 20; row++) {
      for (let stripe = 0; stripe < 10; stripe++) expect(front.data[row * 200 + stripe * 20 + 10]).toBe(stripe % 2 ? 200 : 50);
    }

    /** The stripe's place, by looking for it along the row at that height. */
    function across(x: number, y: number): number {
      const place = placing(aslant.corners);
      let [low, high] = [-0.2, 1.2];
      for (let step = 0; step < 30; step++) {
        const along = (low + high) / 2;
        const [a, b] = [place(along, 0), place(along, 1)];
        if ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) < 0) low = along;
        else high = along;
      }
      return Math.max(0, low);
    }
  });

  it("is black where there is no photo", () => {
    const picture = { width: 10, height: 10, data: new Uint8ClampedArray(400).fill(255) };
    const { data } = frontal(picture, evenGrid({ x: -20, y: 0, width: 20, height: 10 }, 2).corners, { from: 0, to: 1, above: 0, below: 1 }, 8, 4);
    for (let at = 0; at < data.length; at++) expect(data[at]).toBe(at % 4 === 3 ? 255 : 0);
  });
});
