/**
 * How a row of struck characters is lit. Grey levels are, but for shine, a sum of the depth and of its slopes both ways,
 * each by a factor that is the same all along the row: so the light is found by least squares, whatever it is.
 */

import { solved } from "./linear";
import { ACROSS, CELLS, changes, DOWN } from "./typeface";

/** What the light multiplies: the depth and its slopes first, which learning is about. */
export const PLAIN = 3;
/** Slopes of depth, for each height, are brought to about the size of depths by this. */
export const EVEN = 0.06;
/** How far factors are drawn to 0, as a part of what the row says: what two of them do alike is left to neither. */
const DRAWN = 1e-3;
const LEAST_SLOPE = 0.5;

/**
 * The looks that a light mixes, of a character with these depths: the depth, its slopes, how much more there is of both
 * where a tool is thicker or a picture less sharp, and shine, which goes by the square of a slope.
 */
export function looksOf(depths: Float32Array): Float32Array[] {
  const { right, down } = changes(depths);
  const wall = right.map((value, at) => Math.sqrt(value * value + down[at]! * down[at]! + LEAST_SLOPE ** 2) - LEAST_SLOPE);
  const soft = softer(right, down);
  const [thicker, softened] = [changes(wall), changes(soft)];
  const by = (values: Float32Array, factor: number): Float32Array => values.map((value) => value * factor);
  const product = (one: Float32Array, other: Float32Array): Float32Array => one.map((value, at) => value * other[at]! * EVEN * EVEN);
  return [
    depths,
    by(right, EVEN),
    by(down, EVEN),
    by(wall, EVEN),
    by(thicker.right, EVEN * EVEN),
    by(thicker.down, EVEN * EVEN),
    by(soft, EVEN * EVEN),
    by(softened.right, EVEN ** 3),
    by(softened.down, EVEN ** 3),
    product(right, right),
    product(right, down),
    product(down, down),
  ];
}

function softer(right: Float32Array, down: Float32Array): Float32Array {
  const [across, below] = [changes(right).right, changes(down).down];
  return across.map((value, at) => value + below[at]!);
}

/** Of one character: its grey levels by cell, which cells are its own (1, else 0), and the looks of its like. */
export interface Lit {
  levels: Float32Array;
  own: Float32Array;
  looks: Float32Array[];
  /** How far it counts, 0 to 1. */
  weight: number;
}

/** The factors of the row's light, of as many looks as each character has. */
export function lightOf(row: Lit[]): number[] {
  const size = row[0]?.looks.length ?? 0;
  const normal = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = new Array<number>(size).fill(0);
  for (const { levels, own, looks, weight } of row) {
    if (weight <= 0) continue;
    const flat = looks.map((look) => levelled(look, own));
    const seen = levelled(levels, own);
    for (let one = 0; one < size; one++) {
      right[one]! += weight * dot(flat[one]!, seen);
      for (let other = 0; other <= one; other++) normal[one]![other]! += weight * dot(flat[one]!, flat[other]!);
    }
  }
  for (let one = 0; one < size; one++) {
    for (let other = 0; other < one; other++) normal[other]![one] = normal[one]![other]!;
    normal[one]![one]! += normal[0]![0]! * DRAWN * (one < PLAIN ? 0.01 : 1) + Number.EPSILON;
  }
  return solved(normal, right);
}

/** What a character looks like in this light. */
export function mixed(looks: Float32Array[], factors: number[]): Float32Array {
  const made = new Float32Array(CELLS);
  for (const [at, factor] of factors.entries()) {
    const look = looks[at]!;
    for (let cell = 0; cell < CELLS; cell++) made[cell]! += factor * look[cell]!;
  }
  return made;
}

/** Without the plane through its own cells, and nothing in the others: light falls off along a row. */
export function levelled(values: Float32Array, own: Float32Array): Float32Array {
  // A character's own cells lie alike to all sides of its middle, so the three parts of a plane are found one by one.
  let [cells, level, across, down, acrossed, downed] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < CELLS; at++) {
    if (own[at] === 0) continue;
    const [u, v, value] = [ACROSS[at]!, DOWN[at]!, values[at]!];
    cells += 1;
    level += value;
    across += value * u;
    down += value * v;
    acrossed += u * u;
    downed += v * v;
  }
  [level, across, down] = [level / cells, across / acrossed, down / downed];
  const made = new Float32Array(CELLS);
  for (let at = 0; at < CELLS; at++) {
    if (own[at] !== 0) made[at] = values[at]! - level - across * ACROSS[at]! - down * DOWN[at]!;
  }
  return made;
}

export function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}
