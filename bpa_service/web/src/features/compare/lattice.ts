/** Parts a row into a known number of characters: the tool that struck them kept a pitch, so the gaps between do too. */

import { isKnown, strokesOf } from "./letters";
import { quantile, type Raster } from "./raster";
import type { Span } from "./segment";

/** The pitch is looked for between these, in heights; real tools keep well within. */
const PITCHES = { from: 0.5, to: 1.3, step: 0.014 };
/** By what share the pitch may change between the middle of a row seen aslant and its end, and in what steps. */
const BENDS = [-0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12];
/** Steps in which the start of the row is looked for, in pitches. */
const STARTS = 0.05;
const BINS = 14;
const BANDS = 9;
/** Likeness is worked out at one of so many columns. */
const EVERY = 2;
/** From which to which bin of its cell a character reaches with the middles of its outer strokes. */
const WIDTHS = { usual: 0.6, wide: 0.72, narrow: 0.36 };
const MOST_MOVED = 0.1;
/** What it counts to leave nothing out, against likeness in every cell. */
const LEFT_OUT = 5;

/**
 * The columns of each of `count` characters, in the rows where they stand. What is written there, if known, tells where
 * in each cell there are strokes.
 */
export function cells(turned: Raster, rows: Span, count: number, text?: string): Span[] {
  const tall = rows.to - rows.from;
  const ink = inkIn(turned, rows);
  const columns = Float32Array.from({ length: turned.width }, (_, x) => Math.max(...ink.map((row) => row[x]!)));
  const held = new Float32Array(columns.length + 1);
  for (let at = 0; at < columns.length; at++) held[at + 1] = held[at]! + columns[at]!;
  const letters = Array.from({ length: count }, (_, place) => text?.[place] ?? "");
  const wanted = new Map([...new Set(letters)].map((letter) => [letter, expectedOf(letter)]));
  let best: Lattice = [0, tall, 0];
  let most = Number.NEGATIVE_INFINITY;
  for (let pitch = PITCHES.from * tall; pitch <= PITCHES.to * tall; pitch += PITCHES.step * tall) {
    const room = turned.width - pitch * count;
    if (room < -pitch * 0.6) break;
    const likeness = new Map([...wanted].map(([letter, expected]) => [letter, likenessAlong(ink, expected, pitch)]));
    const along = letters.map((letter) => likeness.get(letter)!);
    for (let start = -pitch * 0.3; start <= room + pitch * 0.3; start += pitch * STARTS) {
      for (const bend of BENDS) {
        const cuts = latticeOf(start, pitch, bend, count);
        const covered = held[within(cuts[count]!, columns.length)]! - held[within(cuts[0]!, columns.length)]!;
        let rated = (LEFT_OUT * count * covered) / held[columns.length]!;
        for (let place = 0; place < count; place++) {
          rated += along[place]![Math.round((cuts[place]! + cuts[place + 1]!) / 2 / EVERY)] ?? 0;
        }
        if (rated > most) [best, most] = [[start, pitch, bend], rated];
      }
    }
  }
  return settled(columns, latticeOf(...best, count), tall);
}

/** What each of the cells between these columns holds, in the rows where the characters stand. */
export function contentsIn(turned: Raster, rows: Span, cuts: readonly number[]): Span[] {
  const ink = inkIn(turned, rows);
  const columns = Float32Array.from({ length: turned.width }, (_, x) => Math.max(...ink.map((row) => row[x]!)));
  return cuts.slice(1).map((to, at) => contents(columns, { from: within(cuts[at]!, columns.length), to: within(to, columns.length) }));
}

/** How much there is in each column of each of a few bands of rows: 0 for as little as between characters, 1 for full. */
function inkIn(turned: Raster, rows: Span): Float32Array[] {
  const high = (rows.to - rows.from) / BANDS;
  const bands = Array.from({ length: BANDS }, (_, band) => {
    const made = new Float32Array(turned.width);
    const [first, last] = [Math.floor(rows.from + band * high), Math.ceil(rows.from + (band + 1) * high)];
    for (let y = Math.max(0, first); y < Math.min(turned.height, last); y++) {
      for (let x = 0; x < turned.width; x++) made[x] = made[x]! + turned.data[y * turned.width + x]!;
    }
    return made;
  });
  const all = bands.flatMap((band) => Array.from(band));
  const floor = quantile(all, 0.15);
  const full = Math.max(quantile(all, 0.85) - floor, Number.EPSILON);
  return bands.map((band) => band.map((value) => Math.min(1.3, Math.max(0, (value - floor) / full))));
}

/** How like a character is what lies around every few columns, at this pitch. */
function likenessAlong(ink: Float32Array[], expected: Float32Array[], pitch: number): Float32Array {
  const step = pitch / BINS;
  const size = ink[0]!.length;
  return Float32Array.from({ length: Math.ceil(size / EVERY) }, (_, at) => {
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const x = Math.round(at * EVERY + (bin + 0.5 - BINS / 2) * step);
      if (x < 0 || x >= size) continue;
      for (let band = 0; band < BANDS; band++) sum += ink[band]![x]! * expected[band]![bin]!;
    }
    return sum;
  });
}

/** How full each part of a character's cell is, less the mean; of one not known, full in its middle. */
function expectedOf(character: string): Float32Array[] {
  const wide = /[MW]/.test(character) ? WIDTHS.wide : character === "1" ? WIDTHS.narrow : WIDTHS.usual;
  const made = Array.from({ length: BANDS }, () => new Float32Array(BINS));
  const add = (x: number, y: number): void => {
    const [column, row] = [(0.5 + (x - 0.5) * wide) * BINS - 0.5, (0.07 + y * 0.86) * BANDS - 0.5];
    for (const [band, bins] of made.entries()) {
      for (let bin = 0; bin < BINS; bin++) {
        const near = Math.exp(-(((bin - column) / 1.2) ** 2 + ((band - row) / 0.8) ** 2) / 2);
        bins[bin] = Math.max(bins[bin]!, near);
      }
    }
  };
  if (isKnown(character)) {
    for (const { x1, y1, x2, y2 } of strokesOf(character)) {
      for (let part = 0; part <= 1; part += 0.1) add(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part);
    }
  } else {
    for (let x = 0; x <= 1; x += 0.1) for (let y = 0; y <= 1; y += 0.1) add(x, y);
  }
  const values = made.flatMap((bins) => Array.from(bins));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return made.map((bins) => bins.map((value) => (value - mean) / length));
}

/** Where the row begins, its pitch in the middle, both in pixels, and by what share the pitch grows towards its end. */
type Lattice = [start: number, pitch: number, bend: number];

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
