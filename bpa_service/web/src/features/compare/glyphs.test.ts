import { describe, expect, it } from "vitest";
import { measureStrip, type Options } from "./glyphs";
import type { Picture } from "./raster";

interface Struck {
  /** Where its middle is moved to, in pixels to the right. */
  right?: number;
  taller?: number;
  /** How far its head is pushed to the right of its foot, in pixels. */
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

function odd(picture: Picture, options: Options): Record<number, string[]> {
  const { glyphs } = measureStrip(picture, options);
  return Object.fromEntries(glyphs.flatMap((glyph, place) => (glyph.odd.length > 0 ? [[place, glyph.odd]] : [])));
}

const TEXT = { text: "HHHHHHHHHHHH" };

describe("the strip of a stamped number", () => {
  it("finds the characters, whether or not anybody said how many, and nothing odd in an even row", () => {
    for (const options of [{}, { expected: 12 }, TEXT]) {
      const { angle, glyphs } = measureStrip(row(12), options);
      expect(glyphs).toHaveLength(12);
      expect(Math.abs(angle)).toBeLessThan(0.3);
      for (const [place, glyph] of glyphs.entries()) {
        expect(glyph.odd).toEqual([]);
        expect(glyph.box.x + glyph.box.width / 2).toBeCloseTo(20 + PITCH * (place + 0.5), -0.5);
        expect(Math.abs(glyph.height - glyphs[0]!.height)).toBeLessThan(0.5);
        if (place > 0) expect(glyph.pitch).toBeCloseTo(PITCH, 0);
      }
    }
  });

  it("marks a character that is off its place, too tall or leaning, as that and no other", () => {
    expect(odd(row(12, { 4: { right: 2.5 } }), TEXT)).toEqual({ 4: ["pitch"] });
    expect(odd(row(12, { 0: { right: -2.5 } }), TEXT)).toEqual({ 0: ["pitch"] });
    expect(odd(row(12, { 7: { taller: 3.5 } }), TEXT)).toEqual({ 7: ["height"] });
    expect(Object.keys(odd(row(12, { 9: { sheared: 6 } }), TEXT))).toEqual(["9"]);
    expect(odd(row(12, { 9: { sheared: 6 } }), TEXT)[9]).toContain("tilt");
  });

  it("keeps to the boxes of a hand", () => {
    const boxes = [1, 2, 3, 5].map((place) => ({ x: 20 + PITCH * place + 3, y: 28, width: PITCH - 6, height: TALL + 4 }));
    const { glyphs } = measureStrip(row(12), { boxes });
    expect(glyphs.map(({ box }) => Math.round((box.x + box.width / 2 - 20) / PITCH - 0.5))).toEqual([1, 2, 3, 5]);
  });

  it("says of a text that cannot be what was found that no character is known", () => {
    expect(measureStrip(row(12), { expected: 12, text: "HHH" }).glyphs.every(({ character }) => character === null)).toBe(true);
  });

  it("finds nothing in an empty picture, and survives noise and scraps", () => {
    expect(measureStrip({ width: 300, height: 80, data: new Uint8ClampedArray(24000).fill(120) }).glyphs).toEqual([]);
    expect(measureStrip({ width: 3, height: 2, data: [1, 2, 3, 4, 5, 6] }).glyphs).toEqual([]);
    for (const options of [{}, TEXT, { expected: 17 }]) {
      for (const glyph of measureStrip(row(0, {}, 90), options).glyphs) expect(Number.isFinite(glyph.height)).toBe(true);
    }
    expect(measureStrip(row(12, {}, 60), TEXT).glyphs).toHaveLength(12);
  });
});
