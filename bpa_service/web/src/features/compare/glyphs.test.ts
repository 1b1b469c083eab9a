import { describe, expect, it } from "vitest";
import { boxesAround, figuresOf, MEASURES, stripIn } from "./figures";
import { measureStrip, type Measure, type Strip } from "./glyphs";
import type { Picture } from "./raster";

interface Struck {
  /** Where its middle is moved to, in pixels to the right. */
  right?: number;
  taller?: number;
  /** How far its head is pushed to the left of its foot, in pixels. */
  sheared?: number;
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
    const { right = 0, taller = 0, sheared = 0 } = otherwise[place] ?? {};
    const down = y - height / 2;
    const across = x - (20 + PITCH * (place + 0.5) + right - (sheared * -down) / TALL);
    if (Math.abs(down) > (TALL + taller) / 2 || Math.abs(across) > 12) continue;
    if (Math.abs(across) > 6 || Math.abs(down) < 3) return true;
  }
  return false;
}

function off(otherwise: Record<number, Struck>): Record<Measure, number>[] {
  return measureStrip(row(12, otherwise), TEXT).glyphs.map((glyph) => glyph.off);
}

const TEXT = "HHHHHHHHHHHH";

describe("the strip of a stamped number", () => {
  it("finds the characters, whether or not anybody said how many, and an even row even", () => {
    for (const text of ["", TEXT]) {
      const { angle, glyphs } = measureStrip(row(12), text);
      expect(glyphs).toHaveLength(12);
      expect(Math.abs(angle)).toBeLessThan(0.3);
      for (const [place, glyph] of glyphs.entries()) {
        for (const which of ["pitch", "height", "baseline"] as const) expect(Math.abs(glyph.off[which])).toBeLessThan(0.01);
        expect(glyph.box.x + glyph.box.width / 2).toBeCloseTo(20 + PITCH * (place + 0.5), -0.5);
      }
    }
  });

  it("tells by what a character is off its place, taller or leaning", () => {
    expect(off({ 4: { right: 2.5 } })[4]?.pitch).toBeCloseTo(2.5 / PITCH, 1.5);
    expect(off({ 7: { taller: 3.5 } })[7]?.height).toBeCloseTo(3.5 / TALL, 1.5);
    expect(off({ 9: { sheared: 6 } })[9]?.tilt).toBeLessThan(-4);
  });

  it("says of a text that cannot be what was found that no character is known", () => {
    expect(measureStrip(row(12), "HH").glyphs.every(({ character }) => character === null)).toBe(true);
  });

  it("finds nothing in an empty picture, and survives noise and scraps", () => {
    expect(measureStrip({ width: 300, height: 80, data: new Uint8ClampedArray(24000).fill(120) }).glyphs).toEqual([]);
    expect(measureStrip({ width: 3, height: 2, data: [1, 2, 3, 4, 5, 6] }).glyphs).toEqual([]);
    for (const text of ["", TEXT]) {
      for (const glyph of measureStrip(row(0, {}, 90), text).glyphs) expect(Number.isFinite(glyph.off.height)).toBe(true);
    }
    expect(measureStrip(row(12, {}, 60), TEXT).glyphs).toHaveLength(12);
  });
});

describe("the figures of a number", () => {
  const picture = row(12, { 4: { right: 2.5 } });
  const drawn = { x: 8, y: 12, width: picture.width - 16, height: picture.height - 24 };

  it("are those of nine boxes about the drawn one, none beyond the picture", () => {
    const boxes = boxesAround({ x: 0, y: 0, width: picture.width, height: picture.height }, picture);
    expect(boxes).toHaveLength(9);
    for (const { x, y, width, height } of boxes) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(picture.width);
      expect(y + height).toBeLessThanOrEqual(picture.height);
    }
  });

  it("come with how far they go where each box says about the same", { timeout: 60_000 }, () => {
    const strips = boxesAround(drawn, picture).map((box) => stripIn(picture, box, TEXT));
    const found = figuresOf(strips);
    expect(found[4]?.pitch?.off).toBeCloseTo(2.5 / PITCH, 1.5);
    for (const one of found) expect(one.pitch?.spread ?? 0).toBeLessThanOrEqual(0.01);
  });

  it("are none where one box says something else, or finds other characters", () => {
    const strip = stripIn(picture, boxesAround(drawn, picture)[0]!, TEXT);
    const other = (change: (strip: Strip) => Strip): Strip[] => [...Array<Strip>(8).fill(strip), change(strip)];
    const moved = (by: Partial<Record<Measure, number>>) => (one: Strip): Strip => ({
      ...one,
      glyphs: one.glyphs.map((glyph) => ({ ...glyph, off: { ...glyph.off, ...by } })),
    });
    expect(figuresOf(other(moved({ height: 0.137 })))[3]).toMatchObject({ height: null, pitch: { spread: 0 } });
    const fewer = figuresOf(other((one) => ({ ...one, glyphs: one.glyphs.slice(1) })));
    expect(fewer.every((one) => MEASURES.every((which) => one[which] === null))).toBe(true);
    const elsewhere = other((one) => ({ ...one, glyphs: one.glyphs.map((glyph) => ({ ...glyph, box: { ...glyph.box, x: glyph.box.x + PITCH } })) }));
    expect(figuresOf(elsewhere)[3]?.pitch).toBe(null);
  });
});
