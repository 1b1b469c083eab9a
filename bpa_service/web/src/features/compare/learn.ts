/** Learns a typeface from genuine strips: the depth of each character, from what it looks like in many lights. */

import { strokesOf, isKnown } from "./letters";
import { dot, EVEN, looksOf, mixed, levelled, PLAIN } from "./light";
import { matched } from "./match";
import { median, type Picture } from "./raster";
import { levelsAt, ownCells, type Lying } from "./register";
import { deviations } from "./outliers";
import { expected, pitchOf, places, smooth, type Row } from "./row";
import { ACROSS, CELLS, changed, changes, DOWN, type Typeface } from "./typeface";

export interface Exemplar {
  picture: Picture;
  /** The row as it was found without a typeface, and what is written there. */
  row: Row;
  text: string;
}

/** So often depths are learned, and how far genuine characters may be off their rows meanwhile: less while little is known. */
const STEADY = [0.006, 0.006, 0.012, 0.012];
/** A character that is explained less than this part of what its like are in other rows is left out. */
const LEAST = 0.85;
const STROKE = 0.055;
const INSET = 0.075;
const WIDTHS = { usual: 0.58, wide: 0.72, narrow: 0.3 };
const ROUGHLY = { usual: 0.012, deviations: 3.5, least: 0.03 };
/** How many rounds depths are sought in, and how far they are drawn to 0, against what was seen. */
const ROUNDS = 40;
const DRAWN = 0.002;

/** What each character is off by in the rows it stands in, less what the row lets expect. */
export type Off = Pick<Lying, "x" | "y" | "tall" | "wide" | "turn">;

/** `told` hears how much of what is seen is explained after each time, 0 to 1. */
export function learnTypeface(name: string, strips: Exemplar[], told?: (fit: number) => void): Typeface {
  const characters = [...new Set(strips.flatMap(({ text }) => Array.from(text)))].filter(isKnown).sort();
  const typeface: Typeface = { name, depths: new Map(characters.map((one) => [one, drawn(one)])), natures: new Map() };
  for (const [time, steady] of STEADY.entries()) {
    const looks = new Map([...typeface.depths].map(([one, depths]) => [one, looksOf(depths).slice(0, time === 0 ? PLAIN : undefined)]));
    const sums = new Map(characters.map((one) => [one, new Sums()]));
    const seen = strips.flatMap(({ picture, row, text }) => {
      if (!Array.from(text).every((one) => looks.has(one))) return [];
      const seemed = expected(row.bounds);
      const pitch = pitchOf(seemed.map(({ x }) => x));
      const found = matched(picture, row.frame, seemed, Array.from(text, (one) => looks.get(one)!), pitch, steady);
      return [{ ...found, offs: offsOf(found.lying, pitch), row, text, pitch }];
    });
    told?.(median(seen.flatMap(({ fits }) => fits)));
    // A character stands in the middle of its cell, and upright, where it does so in the mean of all rows.
    const nature = new Map(characters.map((one) => [one, meanOf(seen.flatMap(({ offs, text }) => offs.filter((_, at) => text[at] === one)))]));
    // Some characters are explained better than others, so each is held against its like and not against its row.
    const least = new Map(characters.map((one) => [one, LEAST * median(seen.flatMap(({ fits, text }) => fits.filter((_, at) => text[at] === one)))]));
    for (const { lying, fits, factors, even, row, text, pitch } of seen) {
      for (const [at, one] of lying.entries()) {
        if (fits[at]! < least.get(text[at]!)!) continue;
        const own = nature.get(text[at]!)!;
        const as: Lying = {
          ...one,
          x: one.x - own.x * pitch,
          y: one.y - own.y * one.tall,
          tall: one.tall * Math.exp(-own.tall),
          wide: one.wide * Math.exp(-own.wide),
          turn: one.turn - own.turn,
        };
        const cells = ownCells(as, pitch);
        const rest = mixed(looks.get(text[at]!)!, factors.map((factor, look) => (look < PLAIN ? 0 : factor)));
        const levels = levelsAt(even, row.frame, as).map((value, cell) => value - rest[cell]!);
        sums.get(text[at]!)!.add(levelled(levels, cells), factors);
      }
    }
    for (const [one, sum] of sums) typeface.depths.set(one, sum.depths(typeface.depths.get(one)!));
  }
  return typeface;
}

/** What each character is off by against a smooth curve through the others: places in pitches, the rest as it is. */
function offsOf(lying: Lying[], pitch: number): Off[] {
  const curve = smooth(lying.length);
  const off = (values: number[], influences = curve): number[] => deviations(values, influences, ROUGHLY).map((one) => one.off);
  const x = off(lying.map((one) => one.x / pitch), places(lying.length));
  const y = off(lying.map((one) => one.y / one.tall));
  const tall = off(lying.map((one) => Math.log(one.tall)));
  const wide = lying.map((one) => Math.log(one.wide / one.tall));
  const turn = off(lying.map((one) => one.turn));
  const usual = median(wide);
  return lying.map((_, at) => ({ x: x[at]!, y: y[at]!, tall: tall[at]!, wide: wide[at]! - usual, turn: turn[at]! }));
}

function meanOf(offs: Off[]): Off {
  const of = (which: keyof Off): number => (offs.length ? median(offs.map((one) => one[which])) : 0);
  return { x: of("x"), y: of("y"), tall: of("tall"), wide: of("wide"), turn: of("turn") };
}

/** What was seen of one character, summed up so that its depths follow by least squares. */
class Sums {
  private readonly seen = Array.from({ length: PLAIN }, () => new Float32Array(CELLS));
  private readonly factors = Array.from({ length: PLAIN }, () => new Array<number>(PLAIN).fill(0));

  add(levels: Float32Array, factors: number[]): void {
    // Each row counts alike, however deep it is struck and however bright.
    const weight = 1 / (factors.slice(0, PLAIN).reduce((sum, one) => sum + one * one, 0) || 1);
    for (let one = 0; one < PLAIN; one++) {
      const into = this.seen[one]!;
      for (let cell = 0; cell < CELLS; cell++) into[cell]! += weight * factors[one]! * levels[cell]!;
      for (let other = 0; other < PLAIN; other++) this.factors[one]![other]! += weight * factors[one]! * factors[other]!;
    }
  }

  /** By conjugate gradients, from the depths that were known before. */
  depths(from: Float32Array): Float32Array {
    if (this.factors[0]![0] === 0) return from;
    const drawn = DRAWN * this.factors[0]![0]!;
    const apply = (depths: Float32Array): Float32Array => {
      const parts = spread(depths);
      const mixes = this.factors.map((row) => row.reduce<Float32Array>((sum, factor, at) => plus(sum, parts[at]!, factor), new Float32Array(CELLS)));
      return plus(gathered(mixes), depths, drawn);
    };
    let depths: Float32Array = from;
    let left = plus(gathered(this.seen), apply(depths), -1);
    let along = left;
    let size = dot(left, left);
    for (let round = 0; round < ROUNDS && size > 1e-9; round++) {
      const image = apply(along);
      const step = size / (dot(along, image) || 1);
      depths = plus(depths, along, step);
      left = plus(left, image, -step);
      const next = dot(left, left);
      along = plus(left, along, next / size);
      size = next;
    }
    return depths;
  }
}

/** A depth and its slopes, as light sees them; and back: what each cell of depth takes part in. */
function spread(depths: Float32Array): Float32Array[] {
  const { right, down } = changes(depths);
  return [depths, right.map((value) => value * EVEN), down.map((value) => value * EVEN)];
}

function gathered(parts: Float32Array[]): Float32Array {
  const [plain, right, down] = parts;
  return plus(plain!, changed(right!, down!), EVEN);
}

function plus(one: Float32Array, other: Float32Array, factor: number): Float32Array {
  return one.map((value, at) => value + factor * other[at]!);
}

/** To begin with: plain strokes of no font, as deep as they are near. */
function drawn(character: string): Float32Array {
  const wide = (/[MW]/.test(character) ? WIDTHS.wide : character === "1" ? WIDTHS.narrow : WIDTHS.usual) - 2 * INSET + 0.04;
  const high = 1 - 2 * INSET + 0.03;
  const strokes = strokesOf(character).map(({ x1, y1, x2, y2 }) => [(x1 - 0.5) * wide, (y1 - 0.5) * high, (x2 - 0.5) * wide, (y2 - 0.5) * high] as const);
  return ACROSS.map((u, cell) => {
    const v = DOWN[cell]!;
    const near = Math.min(
      ...strokes.map(([x1, y1, x2, y2]) => {
        const [dx, dy] = [x2 - x1, y2 - y1];
        const part = Math.min(1, Math.max(0, ((u - x1) * dx + (v - y1) * dy) / (dx * dx + dy * dy || 1)));
        return Math.hypot(u - x1 - part * dx, v - y1 - part * dy);
      }),
    );
    return 1 / (1 + Math.exp((near - STROKE) / 0.02));
  });
}
