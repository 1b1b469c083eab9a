/**
 * What tells a page or a screen that is white from a photo with too much light.
 *
 * Light that is too much fades out around what it hides, through every shade, with the grain of a sensor and along
 * any line. On a page white ends at thin strokes of text, at areas of exactly one shade, and at straight edges that
 * run along those of the picture.
 */

import { BLOWN } from "./exposure";
import type { Luma } from "./luma";

/** More of this than black. */
const BRIGHT = 128;
/** Strokes of text are thinner. */
const STROKE = 9;
/** The side of the squares, and how much brightness differs in them at most, if they are of one shade. */
const PATCH = 5;
const ONE_SHADE = 1;
/** An edge is straight if it is at least this long. */
const STRAIGHT = 48;

export interface Whiteness {
  /** How much is nearly blown out, text aside, for each part that is. */
  fading: number;
  /** Which part of what is nearly blown out is of one shade, and which part of the edges of white is straight. */
  page: number;
}

export function whiteness(luma: Luma): Whiteness {
  const bare = withoutStrokes(luma);
  const [blown, bright] = counts(bare);
  return { fading: bright / Math.max(1, blown), page: ofOneShade(luma) + straightEdges(bare) };
}

function counts({ data }: Luma): [blown: number, bright: number] {
  let [blown, bright] = [0, 0];
  for (const value of data) {
    if (value >= BLOWN) blown += 1;
    else if (value >= BRIGHT) bright += 1;
  }
  return [blown, bright];
}

/** Closed, as morphology calls it: what is dark and thinner than a square takes the brightness around it. */
function withoutStrokes(luma: Luma): Luma {
  return extreme(extreme(luma, STROKE, Math.max), STROKE, Math.min);
}

type Choice = (one: number, other: number) => number;

/** The brightest or darkest of the square around each pixel. */
function extreme({ width, height, data }: Luma, side: number, choose: Choice): Luma {
  const across = along(data, { lines: height, between: width, length: width, step: 1 }, side, choose);
  const down = along(across, { lines: width, between: 1, length: height, step: width }, side, choose);
  return { width, height, data: down };
}

interface Lines {
  lines: number;
  /** From a line to the next. */
  between: number;
  length: number;
  /** From a pixel of a line to the next. */
  step: number;
}

function along(data: Uint8Array, { lines, between, length, step }: Lines, side: number, choose: Choice): Uint8Array {
  const chosen = new Uint8Array(data.length);
  const reach = side >> 1;
  for (let line = 0; line < lines; line++) {
    const first = line * between;
    for (let place = 0; place < length; place++) {
      const end = Math.min(length - 1, place + reach);
      let value = data[first + place * step]!;
      for (let near = Math.max(0, place - reach); near <= end; near++) value = choose(value, data[first + near * step]!);
      chosen[first + place * step] = value;
    }
  }
  return chosen;
}

function ofOneShade(luma: Luma): number {
  const brightest = extreme(luma, PATCH, Math.max).data;
  const darkest = extreme(luma, PATCH, Math.min).data;
  let [flat, bright] = [0, 0];
  for (const [at, value] of luma.data.entries()) {
    if (value >= BLOWN || value < BRIGHT) continue;
    bright += 1;
    if (brightest[at]! - darkest[at]! <= ONE_SHADE) flat += 1;
  }
  return flat / Math.max(1, bright);
}

function straightEdges({ width, height, data }: Luma): number {
  const rows = edges(data, { lines: height, between: width, length: width, step: 1 });
  const columns = edges(data, { lines: width, between: 1, length: height, step: width });
  return (rows.straight + columns.straight) / Math.max(1, rows.all + columns.all);
}

/** The edges of white between each line and the next: how long they are together, and how long the straight ones. */
function edges(data: Uint8Array, { lines, between, length, step }: Lines): { all: number; straight: number } {
  let [all, straight] = [0, 0];
  for (let line = 0; line + 1 < lines; line++) {
    let run = 0;
    for (let place = 0; place <= length; place++) {
      const at = line * between + place * step;
      if (place < length && data[at]! >= BLOWN !== data[at + between]! >= BLOWN) {
        run += 1;
        continue;
      }
      all += run;
      if (run >= STRAIGHT) straight += run;
      run = 0;
    }
  }
  return { all, straight };
}
