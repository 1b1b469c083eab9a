/** Two characters over each other, in colours that say which is whose and accuse neither. */

import type { Pixels } from "../viewer/develop";

type Colour = readonly [red: number, green: number, blue: number];

const STAGE: Colour = [16, 19, 23];
export const ORANGE: Colour = [255, 152, 48];
export const BLUE: Colour = [72, 148, 255];
const BOTH: Colour = [205, 205, 205];
/** The share of pixels that are metal and not struck, at the least. */
const METAL = 0.5;
/** What is struck more clearly than all but this share counts in full. */
const CLEAREST = 0.95;

/** How clearly each pixel belongs to what is struck, 0 to 1: lit walls and shaded ones alike, however strong the light. */
export function struck({ width, height, data }: Pixels): Float32Array {
  const grey = Float32Array.from({ length: width * height }, (_, at) => 0.299 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!);
  const metal = quantile(grey, METAL);
  const off = grey.map((level) => Math.abs(level - metal));
  const full = Math.max(quantile(off, CLEAREST), 4);
  return off.map((value) => Math.min(1, value / full));
}

/** A orange, B blue, what they have in common grey. `share` of B: at 0 there is A alone, at 1 B alone. */
export function layered(one: Pixels, other: Pixels, share: number): Pixels {
  const [a, b] = [struck(one), struck(other)];
  const [ofA, ofB] = [Math.min(1, 2 * (1 - share)), Math.min(1, 2 * share)];
  return painted(one, (at) => {
    const [here, there] = [a[at]! * ofA, b[at]! * ofB];
    const both = Math.min(here, there);
    return [
      [ORANGE, here - both],
      [BLUE, there - both],
      [BOTH, both],
    ];
  });
}

/** Only what one has and the other has not, in the colour of whose it is. */
export function differing(one: Pixels, other: Pixels): Pixels {
  const [a, b] = [struck(one), struck(other)];
  return painted(one, (at) => [
    [ORANGE, Math.max(0, a[at]! - b[at]!)],
    [BLUE, Math.max(0, b[at]! - a[at]!)],
  ]);
}

/** One picture through another of its size: `share` of the second. */
export function ghost(one: Pixels, other: Pixels, share: number): Pixels {
  const data = one.data.map((level, at) => (at % 4 === 3 ? 255 : level * (1 - share) + other.data[at]! * share));
  return { ...one, data };
}

function painted({ width, height }: Pixels, colours: (at: number) => readonly (readonly [Colour, number])[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const all = colours(at);
    for (let channel = 0; channel < 3; channel++) {
      data[4 * at + channel] = all.reduce((sum, [colour, part]) => sum + (colour[channel]! - STAGE[channel]!) * part, STAGE[channel]!);
    }
    data[4 * at + 3] = 255;
  }
  return { width, height, data };
}

function quantile(values: Float32Array, part: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
