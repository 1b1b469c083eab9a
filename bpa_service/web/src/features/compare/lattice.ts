/** Parts a row into a known number of characters: the tool that struck them kept a pitch, so the gaps between do too. */

import { isKnown, strokesOf } from "./letters";
import { quantile } from "./raster";
import type { Span } from "./segment";

/** The pitch is looked for between these, in heights; real tools keep well within. */
const PITCHES = { from: 0.5, to: 1.3, step: 0.014 };
/** By what share the pitch may change between the middle of a row seen aslant and its end, and in what steps. */
const BENDS = [-0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12];
/** Steps in which the start of the row is looked for, in pitches. */
const STARTS = 0.1;
const BINS = 14;
/** From which to which bin of its cell a character reaches with the middles of its outer strokes. */
const WIDTHS = { usual: 0.6, wide: 0.72, narrow: 0.36 };
const MOST_MOVED = 0.1;
/** What it counts to leave nothing out, against likeness in every cell. */
const LEFT_OUT = 2.2;
const FINER = 12;

/**
 * The columns of each of `count` characters. `profile` says how much there is in each column; `tall` is in pixels. What
 * is written there, if known, tells where in each cell the strokes are.
 */
export function cells(profile: Float32Array, tall: number, count: number, text?: string): Span[] {
  const floor = quantile(profile, 0.03);
  const full = Math.max(quantile(profile, 0.85) - floor, Number.EPSILON);
  const ink = profile.map((value) => Math.min(1.3, Math.max(0, (value - floor) / full)));
  const wanted = Array.from({ length: count }, (_, place) => expectedIn(text?.[place]));
  const held = new Float32Array(ink.length + 1);
  for (let at = 0; at < ink.length; at++) held[at + 1] = held[at]! + ink[at]!;
  const rate = ([start, pitch, bend]: Lattice): number => {
    const cuts = latticeOf(start, pitch, bend, count);
    const covered = held[within(cuts[count]!, ink.length)]! - held[within(cuts[0]!, ink.length)]!;
    return likenessOf(ink, cuts, wanted) / count + LEFT_OUT * (covered / held[ink.length]!);
  };
  let best: Lattice = [0, tall, 0];
  let most = Number.NEGATIVE_INFINITY;
  const attempt = (tried: Lattice): void => {
    const rated = rate(tried);
    if (rated > most) [best, most] = [tried, rated];
  };
  for (let pitch = PITCHES.from * tall; pitch <= PITCHES.to * tall; pitch += PITCHES.step * tall) {
    const room = ink.length - pitch * count;
    if (room < -pitch * 0.6) break;
    for (let start = -pitch * 0.3; start <= room + pitch * 0.3; start += pitch * STARTS) {
      for (const bend of BENDS) attempt([start, pitch, bend]);
    }
  }
  for (let round = 0; round < FINER; round++) {
    const [start, pitch, bend] = best;
    const size = tall / 60 / (1 + round * 0.3);
    for (const along of [-2, 0, 2]) {
      for (const wider of [-0.15, 0, 0.15]) {
        for (const bent of [-0.008, 0, 0.008]) {
          attempt([start + (along - (wider * count) / 2) * size, pitch + wider * size, bend + bent * size]);
        }
      }
    }
  }
  return settled(ink, latticeOf(...best, count), tall);
}

/** Where the row begins, its pitch in the middle, both in pixels, and by what share the pitch grows towards its end. */
type Lattice = [start: number, pitch: number, bend: number];

function likenessOf(ink: Float32Array, cuts: number[], wanted: Float32Array[]): number {
  let sum = 0;
  for (let place = 0; place < wanted.length; place++) {
    const [from, expected] = [cuts[place]!, wanted[place]!];
    const step = (cuts[place + 1]! - from) / BINS;
    for (let bin = 0; bin < BINS; bin++) sum += (ink[Math.round(from + step * (bin + 0.5))] ?? 0) * expected[bin]!;
  }
  return sum;
}

/** How much of a character lies in each part of its cell, less the mean; of one not known, something in the middle. */
function expectedIn(character: string | undefined): Float32Array {
  const made = new Float32Array(BINS);
  const wide = /[MW]/.test(character ?? "") ? WIDTHS.wide : character === "1" ? WIDTHS.narrow : WIDTHS.usual;
  const add = (x: number, amount: number): void => {
    const at = (0.5 + (x - 0.5) * wide) * BINS - 0.5;
    for (let bin = 0; bin < BINS; bin++) made[bin] = made[bin]! + amount * Math.exp(-(((bin - at) / 1.1) ** 2) / 2);
  };
  if (isKnown(character)) {
    for (const { x1, y1, x2, y2 } of strokesOf(character)) {
      const amount = Math.hypot(x2 - x1, y2 - y1);
      for (let part = 0.05; part < 1; part += 0.1) add(x1 + (x2 - x1) * part, amount);
    }
  } else {
    for (let x = 0; x <= 1; x += 0.1) add(x, 1);
  }
  // What is full is full: a stem and a bar are as good as each other in telling a character from a gap.
  const top = Math.max(...made);
  const level = made.map((value) => Math.min(1, (value / top) * 1.6));
  const mean = level.reduce((sum, value) => sum + value, 0) / BINS;
  const length = Math.sqrt(level.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return level.map((value) => (value - mean) / length);
}

/** The cuts of a row of this pitch in its middle, which grows by `bend` towards its end. */
function latticeOf(start: number, pitch: number, bend: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, at) => {
    const along = (at * 2) / count - 1;
    return start + pitch * at + (pitch * count * bend * (along * along - 1)) / 4;
  });
}

/** Each cut where there is least near it, and of equals in their middle; then what each cell holds. */
function settled(ink: Float32Array, cuts: number[], tall: number): Span[] {
  const moved = cuts.map((cut, at) => {
    const pitch = at > 0 ? cut - cuts[at - 1]! : (cuts[1] ?? cut + tall) - cut;
    const [first, last] = [within(cut - pitch * MOST_MOVED, ink.length), within(cut + pitch * MOST_MOVED, ink.length)];
    const part = Array.from(ink.subarray(first, last + 1));
    const low = Math.min(...part) + 0.06;
    const places = part.flatMap((value, place) => (value <= low ? [first + place] : []));
    return places[Math.floor(places.length / 2)] ?? within(cut, ink.length);
  });
  return moved.slice(1).map((to, at) => contents(ink, { from: moved[at]!, to }));
}

function contents(ink: Float32Array, { from, to }: Span): Span {
  const part = Array.from(ink.subarray(from, to + 1));
  const level = Math.max(...part) * 0.25;
  const first = part.findIndex((value) => value >= level);
  const last = part.length - 1 - part.reverse().findIndex((value) => value >= level);
  return { from: from + Math.max(0, first), to: from + Math.max(first + 1, last) };
}

function within(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.round(at)));
}
