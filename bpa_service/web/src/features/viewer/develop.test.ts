import { describe, expect, it } from "vitest";
import { developed, evened, raised, type Pixels } from "./develop";
import { AS_TAKEN, CHANNELS, curveOf, isAsTaken, matrixOf } from "./light";

/** The same pictures each time, each of another size. */
function pictures(count: number): Pixels[] {
  let dice = 7;
  const roll = (): number => (dice = (dice * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length: count }, () => {
    const [width, height] = [1 + Math.floor(roll() * 60), 1 + Math.floor(roll() * 40)];
    return { width, height, data: Uint8ClampedArray.from({ length: width * height * 4 }, () => roll() * 255) };
  });
}

function plain(level: number, width = 40, height = 30): Pixels {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => (at % 4 === 3 ? 255 : level));
  return { width, height, data };
}

/** Faint upright strokes, in light that falls off to the right. */
function faint(): Pixels {
  const made = plain(0, 160, 80);
  for (let at = 0; at < 160 * 80; at++) made.data.fill(200 - (at % 160) + (at % 8 < 4 ? 4 : 0), 4 * at, 4 * at + 3);
  return made;
}

function contrast({ width, height, data }: Pixels): number {
  let sum = 0;
  for (let at = 4; at < width * height; at++) sum += Math.abs(data[4 * at]! - data[4 * (at - 4)]!);
  return sum / width / height;
}

describe("light that is evened out", () => {
  it("leaves the size and what is transparent, of any picture", () => {
    for (const one of pictures(30)) {
      const made = developed(one, { even: true, relief: true });
      expect([made.width, made.height, made.data.length]).toEqual([one.width, one.height, one.data.length]);
      for (let at = 3; at < one.data.length; at += 4) expect(made.data[at]).toBe(one.data[at]);
    }
  });

  it("brings out what is faint, and makes nothing out of what is plain", () => {
    expect(contrast(evened(faint()))).toBeGreaterThan(1.5 * contrast(faint()));
    for (const level of [10, 128, 240]) {
      const { data } = evened(plain(level));
      const levels = data.filter((_, at) => at % 4 < 3);
      expect(Math.max(...levels) - Math.min(...levels)).toBeLessThanOrEqual(3);
    }
  });

  it("turns nothing over: of two pixels beside each other the lighter one stays so", () => {
    const one = faint();
    const { data } = evened(one);
    for (let at = 1; at < one.width; at++) {
      const [before, after] = [one.data[4 * at]! - one.data[4 * at - 4]!, data[4 * at]! - data[4 * at - 4]!];
      if (before > 2) expect(after).toBeGreaterThan(0);
    }
  });

  it("leaves the picture that it was given", () => {
    const [one, same] = [faint(), faint()];
    developed(one, { even: true, relief: true });
    expect(one.data).toEqual(same.data);
  });
});

describe("relief", () => {
  it("of what is plain is plain, and does not depend on how strong the light is", () => {
    expect(new Set(raised(plain(90)).data.filter((_, at) => at % 4 < 3))).toEqual(new Set([128]));
    const one = faint();
    const brighter = { ...one, data: one.data.map((level, at) => (at % 4 < 3 ? level + 20 : level)) };
    expect(raised(brighter).data).toEqual(raised(one).data);
  });

  it("of the negative is the relief seen from the other side", () => {
    for (const one of pictures(20)) {
      // Grey, and with room at either end, or rounding would tell.
      const data = one.data.map((_, at) => (at % 4 < 3 ? one.data[at - (at % 4)]! : 255));
      const here = raised({ ...one, data });
      const there = raised({ ...one, data: data.map((level, at) => (at % 4 < 3 ? 255 - level : level)) });
      for (let at = 0; at < data.length; at += 4) expect(Math.abs(here.data[at]! + there.data[at]! - 256)).toBeLessThanOrEqual(1);
    }
  });
});

describe("levels", () => {
  it("are what was taken, as long as nothing is changed", () => {
    expect(curveOf(AS_TAKEN)).toMatchObject({ slope: 1, exponent: 1, amplitude: 1, offset: 0 });
    expect(isAsTaken({ ...AS_TAKEN })).toBe(true);
    expect(isAsTaken({ ...AS_TAKEN, relief: true })).toBe(false);
  });

  it("bring black to nothing and white to all there is, and never cross", () => {
    for (let black = 0; black <= 100; black += 5) {
      for (let white = 0; white <= 100; white += 5) {
        const { slope, intercept } = curveOf({ ...AS_TAKEN, black, white });
        expect(slope).toBeGreaterThan(0);
        if (white - black < 5) continue;
        expect((slope * black) / 100 + intercept).toBeCloseTo(0);
        expect((slope * white) / 100 + intercept).toBeCloseTo(1);
      }
    }
  });

  it("of a channel keep white white", () => {
    for (const one of CHANNELS) {
      const numbers = matrixOf(one).split(" ").map(Number);
      for (const row of [0, 1, 2]) expect(numbers.slice(row * 5, row * 5 + 5).reduce((sum, part) => sum + part)).toBeCloseTo(1);
    }
  });
});
