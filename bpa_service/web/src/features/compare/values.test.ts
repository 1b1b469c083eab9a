import { describe, expect, it } from "vitest";
import { cornerMoved, evenGrid, type Grid } from "./grid";
import { proposed } from "./propose";
import type { Picture } from "./raster";
import { figuresOf, MEASURES, type Figures } from "./values";

interface Struck {
  taller?: number;
}

const PITCH = 36;
const TALL = 50;

/** A row of H-like characters, dark on grey; those named by their place are struck otherwise. */
function row(count: number, otherwise: Record<number, Struck> = {}, noise = 0): Picture {
  const [width, height] = [count * PITCH + 40, TALL + 60];
  const data = new Float32Array(width * height);
  let dice = 5;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let ink = 0;
      // Nine points in each pixel, so that parts of a pixel count.
      for (let part = 0; part < 9; part++) {
        ink += Number(isInk(x + (part % 3) / 3, y + Math.floor(part / 3) / 3, height, count, otherwise)) / 9;
      }
      dice = (dice * 1103515245 + 12345) % 2147483648;
      data[y * width + x] = 150 - ink * 100 + (dice / 2147483648 - 0.5) * noise;
    }
  }
  return { width, height, data };
}

function isInk(x: number, y: number, height: number, count: number, otherwise: Record<number, Struck>): boolean {
  for (let place = 0; place < count; place++) {
    const { taller = 0 } = otherwise[place] ?? {};
    const down = y - height / 2;
    const across = x - (20 + PITCH * (place + 0.5));
    if (Math.abs(down) > (TALL + taller) / 2 || Math.abs(across) > 12) continue;
    if (Math.abs(across) > 6 || Math.abs(down) < 3) return true;
  }
  return false;
}

const TEXT = "HHHHHHHHHHHH";
const ROW = { x: 20, y: 30, width: 12 * PITCH, height: TALL };
/** The number as three people box it: exactly, with room, and askew. */
const HANDS: Grid[] = [
  evenGrid(ROW, 12),
  evenGrid({ x: ROW.x - 3, y: ROW.y - 3, width: ROW.width + 6, height: ROW.height + 6 }, 12),
  cornerMoved(cornerMoved(evenGrid(ROW, 12), 0, { x: -2, y: 2 }), 2, { x: 3, y: 2 }),
];

describe("a proposed grid", () => {
  it("has each character in its own cell, wherever the box was drawn", () => {
    const picture = row(12);
    for (const [left, top] of [[8, 12], [2, 20], [14, 4]] as const) {
      const box = { x: left, y: top, width: picture.width - 2 * left, height: picture.height - 2 * top };
      const { corners, cuts } = proposed(picture, box, TEXT);
      expect(cuts).toHaveLength(13);
      for (let at = 1; at < 12; at++) {
        const here = corners[0].x + (corners[1].x - corners[0].x) * cuts[at]!;
        expect(Math.abs(here - 20 - PITCH * at)).toBeLessThan(4);
      }
      expect(Math.abs(corners[0].y - ROW.y)).toBeLessThan(4);
      expect(Math.abs(corners[2].y - ROW.y - TALL)).toBeLessThan(4);
    }
  });

  it("has even cells where there is no number, for nine characters as for twenty-five", () => {
    const nothing = { width: 300, height: 80, data: new Float32Array(24000).fill(120) };
    for (const count of [9, 25]) {
      const grid = proposed(nothing, { x: 20, y: 20, width: 260, height: 40 }, "8".repeat(count));
      expect(grid).toEqual(evenGrid({ x: 20, y: 20, width: 260, height: 40 }, count));
    }
    expect(proposed({ width: 3, height: 2, data: [1, 2, 3, 4, 5, 6] }, { x: 0, y: 0, width: 3, height: 2 }, "ABC").cuts).toHaveLength(4);
  });
});

describe("the values of a number", () => {
  it("tell by what a character is taller, and how far that goes; of a genuine row nothing", { timeout: 60_000 }, () => {
    const taller = figuresOf(row(12, { 7: { taller: 3.5 } }), HANDS[0]!, TEXT);
    const { off, spread } = taller[7]!.height;
    expect(Math.abs(off - 3.5 / TALL)).toBeLessThan(0.015 + spread);
    expect(off - spread).toBeGreaterThan(0.02);
    for (const figures of figuresOf(row(12), HANDS[0]!, TEXT)) {
      for (const which of MEASURES) expect(figures[which].held && Math.abs(figures[which].off) < 0.01).toBe(true);
    }
  });

  it("are the same within their spread however the number is boxed, or none", { timeout: 120_000 }, () => {
    for (const picture of [row(12, { 7: { taller: 3.5 } }), row(12, {}, 60)]) {
      const all = HANDS.map((grid) => figuresOf(picture, grid, TEXT));
      for (const which of MEASURES) {
        for (let place = 0; place < 12; place++) {
          const held = all.map((one: Figures[]) => one[place]![which]).filter((figure) => figure.held);
          for (const one of held) for (const other of held) expect(Math.abs(one.off - other.off)).toBeLessThanOrEqual(one.spread + other.spread + 0.004);
        }
      }
    }
  });

  it("cannot be measured where there is nothing", { timeout: 60_000 }, () => {
    const nothing = { width: 480, height: 110, data: new Float32Array(480 * 110).fill(120) };
    const grain = row(0, {}, 90);
    const noise = { ...nothing, data: nothing.data.map((level, at) => level + grain.data[at % grain.data.length]! / 9) };
    for (const figures of figuresOf(noise, HANDS[0]!, TEXT)) expect(figures.height.held && figures.baseline.held).toBe(false);
  });
});
