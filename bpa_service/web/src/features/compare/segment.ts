/** Finds the row of characters in a box placed by hand: how it lies, and where each character begins and ends. */

import { cells } from "./lattice";
import { median, quantile, type Raster } from "./raster";

/** From `from` to `to`, in pixels; both may lie between two pixels. */
export interface Span {
  from: number;
  to: number;
}

/** Where a character lies, in pixels of the frame in which its row lies level. */
export interface Extent {
  across: Span;
  down: Span;
}

const STEEPEST = 14;
const STEP = 0.5;
const LEVELS = 24;
const NARROWEST = 0.05;

/** The angle in radians at which the row lies, clockwise positive: where its rows of pixels differ most. */
export function baselineAngle(steepness: Raster): number {
  const { width, height, data } = steepness;
  const least = quantile(data, 0.75);
  const points: [number, number, number][] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x]!;
      if (value > least) points.push([x - width / 2, y - height / 2, Math.min(value, least * 3)]);
    }
  }
  let [best, most] = [0, -1];
  for (let degrees = -STEEPEST; degrees <= STEEPEST; degrees += STEP) {
    const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
    const rows = new Float64Array(width + height);
    for (const [x, y, weight] of points) rows[Math.round(y * cosine - x * sine + (width + height) / 2)]! += weight;
    const contrast = rows.reduce((sum, row) => sum + row * row, 0);
    if (contrast > most) [best, most] = [degrees, contrast];
  }
  return (best * Math.PI) / 180;
}

/** The rows between which the characters stand, in the turned picture; null where there is no row of them. */
export function band(turned: Raster): Span | null {
  const rows = new Float32Array(turned.height);
  for (let y = 0; y < turned.height; y++) {
    let sum = 0;
    for (let x = 0; x < turned.width; x++) sum += turned.data[y * turned.width + x]!;
    rows[y] = sum;
  }
  const floor = quantile(rows, 0.1);
  const level = floor + (quantile(rows, 0.9) - floor) * 0.4;
  let longest: Span = { from: 0, to: 0 };
  // Letters may have a waist with little in it; a gap between two rows of them is wider.
  const bridge = Math.max(2, turned.height * 0.05);
  for (const run of runs(rows, level, bridge)) if (length(run) > length(longest)) longest = run;
  return length(longest) < 8 || !(level > 0) ? null : longest;
}

/**
 * Where the characters stand along the row: `expected` of them, or, where nobody said how many, as many as there are
 * runs of something with gaps between. Of more than expected (stars at the ends) those that look most like what is written are taken.
 */
export function characters(turned: Raster, rows: Span, expected?: number, text?: string): Span[] {
  const tall = length(rows);
  if (expected !== undefined && expected >= 3) return cells(turned, rows, expected, text);
  const profile = highest(turned, rows);
  const [low, high] = [quantile(profile, 0.02), quantile(profile, 0.8)];
  let best: Span[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let level = 1; level < LEVELS; level++) {
    const threshold = low + ((high - low) * level) / LEVELS;
    const spans = runs(profile, threshold, 1).filter((run) => length(run) > tall * NARROWEST);
    if (spans.length < (expected ?? 3)) continue;
    // Of equals the middle level is best: not the noise between characters, not the faintest of their strokes.
    const cost = irregularity(spans, tall) + Math.abs(level / LEVELS - 0.4) * 0.05;
    if (cost < least) [best, least] = [spans, cost];
  }
  return best;
}

/** The highest value in each column of these rows. */
function highest(turned: Raster, rows: Span): Float32Array {
  const made = new Float32Array(turned.width);
  const [first, last] = [Math.max(0, Math.floor(rows.from)), Math.min(turned.height - 1, Math.ceil(rows.to))];
  for (let y = first; y <= last; y++) {
    for (let x = 0; x < turned.width; x++) made[x] = Math.max(made[x]!, turned.data[y * turned.width + x]!);
  }
  return made;
}

export function length({ from, to }: Span): number {
  return to - from;
}

function runs(profile: Float32Array, level: number, bridge: number): Span[] {
  const found: Span[] = [];
  for (let at = 0; at < profile.length; at++) {
    if (profile[at]! <= level) continue;
    const last = found.at(-1);
    if (last && at - last.to <= bridge + 1) last.to = at;
    else found.push({ from: at, to: at });
  }
  return found;
}

/** How unlike a row struck by one tool: by the distances, which change little from one to the next. */
function irregularity(spans: Span[], tall: number): number {
  const middles = spans.map(({ from, to }) => (from + to) / 2);
  const gaps = middles.slice(1).map((middle, at) => middle - middles[at]!);
  const pitch = median(gaps);
  const uneven = gaps.reduce((sum, gap) => sum + Math.min(1, Math.abs(gap - pitch) / pitch), 0) / gaps.length;
  // Noise has a regular pitch, too, at which no character would be as tall as the row.
  const unlikely = pitch < tall * 0.35 || pitch > tall * 2.5 ? 1 : 0;
  return uneven + unlikely;
}

