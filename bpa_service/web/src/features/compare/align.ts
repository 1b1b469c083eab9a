/**
 * Where the outer sides of characters lie, each against the mean of the row: the same wall under the same light looks the
 * same at every character, whatever it looks like, and so needs no rule about where its edge is.
 */

import { median } from "./raster";

/** Slopes across a side, of either sign, along a line that crosses it; index is the pixel. */
export interface Crossing {
  rising: Float32Array;
  falling: Float32Array;
}

/** What is compared: from so far within the side to so far beyond it, in heights. */
const WITHIN = 0.1;
const BEYOND = 0.13;
/** How far a side is looked for from where it seemed to be, in heights, and in what steps, in pixels. */
const FAR = 0.12;
const STEP = 0.5;
const ROUNDS = 4;
/** What it costs to be as far off as is looked, in correlation. */
const DOUBT = 0.15;

/** The sides, given where they seemed to be; `outwards` is -1 for left and upper ones. `tall` in pixels. */
export function aligned(crossings: Crossing[], seemed: number[], outwards: 1 | -1, tall: number): number[] {
  let places = seemed;
  const size = Math.round((WITHIN + BEYOND) * tall) + 1;
  const around = (crossing: Crossing, place: number): Float32Array => {
    const made = new Float32Array(size * 2);
    for (let at = 0; at < size; at++) {
      const where = place + outwards * (at - WITHIN * tall);
      made[at] = valueAt(crossing.rising, where);
      made[size + at] = valueAt(crossing.falling, where);
    }
    return unit(made);
  };
  for (let round = 0; round < ROUNDS; round++) {
    const all = crossings.map((crossing, at) => around(crossing, places[at]!));
    const mean = unit(Float32Array.from({ length: size * 2 }, (_, at) => median(all.map((one) => one[at]!))));
    places = crossings.map((crossing, at) => {
      const [from, steps] = [seemed[at]! - FAR * tall, Math.ceil((2 * FAR * tall) / STEP)];
      const rated = Array.from({ length: steps + 1 }, (_, step) => {
        const off = (step * STEP - FAR * tall) / (FAR * tall);
        return dot(around(crossing, from + step * STEP), mean) - DOUBT * off * off;
      });
      const best = rated.indexOf(Math.max(...rated));
      const [before, here, after] = [rated[best - 1], rated[best]!, rated[best + 1]];
      if (before === undefined || after === undefined || before + after >= 2 * here) return from + best * STEP;
      return from + (best + (before - after) / (2 * (before + after - 2 * here))) * STEP;
    });
  }
  return places;
}

function valueAt(values: Float32Array, where: number): number {
  const at = Math.floor(where);
  if (at < 0 || at >= values.length - 1) return 0;
  return values[at]! * (1 - (where - at)) + values[at + 1]! * (where - at);
}

function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(dot(values, values)) || 1;
  return values.map((value) => value / length);
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}
