/** A row of characters against a typeface: how the row is lit, and how each character lies. */

import { lightOf, looksOf, mixed, type Lit } from "./light";
import { blurred, median, raster, type Frame, type Picture, type Raster } from "./raster";
import { explained, laid, levelsAt, likelihood, ownCells, type Free, type Lying } from "./register";
import { following } from "./row";
import type { Typeface } from "./typeface";

export interface Matched {
  lying: Lying[];
  /** How much of what is seen in each character its like explains, 0 to 1. */
  fits: number[];
}

/** What is needed again when learning. */
export interface Lighting {
  /** Factors of the looks of `looksOf`. */
  factors: number[];
  /** Grey levels less the light that falls on the metal around. */
  even: Raster;
}

/** Blur of the picture, and of the light around characters, in heights; never less than so many pixels. */
const FINE = 0.02;
const LEAST_BLUR = 0.6;
const WIDE = 0.9;
/** Where else a character is looked for than where the row lets expect it, in pitches and radians. */
const ELSEWHERE: [number, number][] = [
  [0, 0],
  [-0.1, 0],
  [0.1, 0],
  [0, -0.1],
  [0, 0.1],
];
const ROUGH = 5;
const EXACT = 10;
/** The light is found anew so often, each time by characters that lie better. */
const TIMES = 3;
/** The time at which characters are looked for elsewhere, too: when the light is known about. */
const SEARCHED = 1;
/** How far a character that was struck anew is off its row, in heights and radians, as a standard deviation. */
const STRAY = 0.06;

/**
 * `seemed` is where the row lets expect each character of the text; `looks` those of each. `steady` is how far all are
 * off their row at most likely, where they are known to be genuine: then none is looked for elsewhere.
 */
export function matched(
  picture: Picture,
  frame: Frame,
  seemed: Lying[],
  looks: Float32Array[][],
  pitch: number,
  steady?: number,
): Matched & Lighting {
  const tall = median(seemed.map((one) => one.tall));
  const even = evened(picture, tall);
  let lying = seemed;
  let [factors, fits] = [[] as number[], seemed.map(() => 1)];
  for (let time = 0; time < TIMES; time++) {
    const typical = median(fits);
    const lit: Lit[] = lying.map((one, at) => ({
      levels: levelsAt(even, frame, one),
      own: ownCells(one, pitch),
      looks: looks[at]!,
      weight: fits[at]! >= typical * 0.8 ? 1 : 0.05,
    }));
    factors = lightOf(lit);
    const look = looks.map((one) => mixed(one, factors));
    const narrow = median(lying.map((one) => one.wide / one.tall));
    const last = time === TIMES - 1;
    // A camera aslant makes a row lean more and more towards its ends: that is the row's, and no character's.
    if (last) lying = leaning(lying);
    const row = time === 0 ? seemed : following(lying);
    lying = lying.map((one, at) => {
      const free: Free = { lean: !last, narrow, likely: { ...row[at]!, lean: one.lean }, off: steady ?? STRAY };
      let best = one;
      if (time === SEARCHED && steady === undefined) {
        const starts = ELSEWHERE.map(([right, turn]) => ({ ...free.likely, x: free.likely.x + right * pitch, turn }));
        const tried = [one, ...starts.map((start) => laid(even, frame, look[at]!, start, pitch, { ...free, lean: false }, ROUGH))];
        const rated = tried.map((other) => likelihood(rate(even, frame, look[at]!, other, pitch), other, free));
        best = tried[rated.indexOf(Math.max(...rated))]!;
      }
      return laid(even, frame, look[at]!, best, pitch, free, EXACT);
    });
    fits = lying.map((one, at) => rate(even, frame, look[at]!, one, pitch));
  }
  return { lying, fits, factors, even };
}

/** The looks of each character of the text, or undefined if the typeface lacks one. */
export function looksIn(typeface: Typeface, text: string): Float32Array[][] | undefined {
  const known = new Map<string, Float32Array[]>();
  for (const character of new Set(text)) {
    const depths = typeface.depths.get(character);
    if (!depths) return undefined;
    known.set(character, looksOf(depths));
  }
  return Array.from(text, (character) => known.get(character)!);
}

/** Light that falls off along the row makes all darker alike, and is divided out. */
function evened(picture: Picture, tall: number): Raster {
  const fine = blurred(picture, Math.max(LEAST_BLUR, tall * FINE));
  const around = widely(fine, tall * WIDE);
  return { ...fine, data: fine.data.map((value, at) => value / Math.max(1, around[at]!) - 1) };
}

/** A wide blur, worked out on blocks of pixels, which is as smooth and far cheaper. */
function widely({ width, height, data }: Raster, sigma: number): Float32Array {
  const block = Math.max(1, Math.round(sigma / 6));
  const small = raster(Math.ceil(width / block), Math.ceil(height / block));
  const counted = new Float32Array(small.data.length);
  const blockOf = (x: number, y: number): number => Math.floor(y / block) * small.width + Math.floor(x / block);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      small.data[blockOf(x, y)]! += data[y * width + x]!;
      counted[blockOf(x, y)]! += 1;
    }
  }
  const soft = blurred({ ...small, data: small.data.map((value, at) => value / counted[at]!) }, sigma / block);
  const made = new Float32Array(width * height);
  const at = (x: number, y: number): number => soft.data[Math.min(soft.height - 1, y) * soft.width + Math.min(soft.width - 1, x)]!;
  for (let y = 0; y < height; y++) {
    const row = Math.max(0, (y + 0.5) / block - 0.5);
    const [top, below] = [Math.floor(row), row % 1];
    for (let x = 0; x < width; x++) {
      const column = Math.max(0, (x + 0.5) / block - 0.5);
      const [left, across] = [Math.floor(column), column % 1];
      const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
      made[y * width + x] = upper * (1 - below) + (at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across) * below;
    }
  }
  return made;
}

function rate(even: Raster, frame: Frame, look: Float32Array, lying: Lying, pitch: number): number {
  return explained(levelsAt(even, frame, lying), look, ownCells(lying, pitch));
}

function leaning(lying: Lying[]): Lying[] {
  const lean = lying.map((one) => one.lean);
  const rise = median(lean.flatMap((one, at) => lean.slice(at + 1).map((other, gap) => (other - one) / (gap + 1))));
  const start = median(lean.map((one, at) => one - rise * at));
  return lying.map((one, at) => ({ ...one, lean: start + rise * at }));
}
