/**
 * The measuring core of the glyph strip: cuts the characters of a stamped number out of a box that a hand placed, and
 * says by what each is off its row. Distances, heights and tilts change smoothly along a row that is seen aslant, so
 * each is compared with what the other characters let expect at its place.
 */

import { ofItsFont, roundEnds, softRight } from "./letters";
import { extents, sidesIn, tilts } from "./measure";
import { deviations, FREE, type Deviation, type Influence, type Rule } from "./outliers";
import { blurred, Frame, median, slopes, type Picture, type Raster, type Slopes } from "./raster";
import { band, baselineAngle, characters, length } from "./segment";
import type { Extent } from "./tilt";

export type Oddity = "pitch" | "height" | "tilt" | "baseline";

/** In pixels of the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Glyph {
  /** The character, where the text is known and as long as what was found. */
  character: string | null;
  /** The upright box around it. */
  box: Box;
  /** Its corners in the picture, clockwise from the upper left: the same, but lying as the row lies. */
  corners: [number, number][];
  /** Its middle along the row, in pixels from the left end of the turned picture. */
  centre: number;
  /** In pixels. */
  height: number;
  /** The distance from the character before it, in pixels; null for the first. */
  pitch: number | null;
  /** By what its centre is off its place in the row, in parts of the pitch; positive to the right. */
  pitchOff: number;
  /** By what it is higher than the row lets expect, in parts of the height. */
  heightOff: number;
  /** By what it is turned against the others, in degrees, clockwise positive. */
  tilt: number;
  /** By what its foot is below the line of the others, in parts of the height. */
  baselineOff: number;
  odd: Oddity[];
}

export interface Strip {
  /** At what angle the row lies in the picture, in degrees, clockwise positive. */
  angle: number;
  glyphs: Glyph[];
}

export interface Options {
  /** How many characters to find; by default as many as the text has, and without one as many as there seem to be. */
  expected?: number;
  /** What is written there, as far as anybody knows: letters lean and reach by their nature. Stars are ignored. */
  text?: string;
  /** Where the characters stand, by hand, from left to right: then no others are looked for. */
  boxes?: Box[];
}

/** What is odd, found with `python -m bench.glyphs` on stampings that its figures are not about. */
export const RULES: Record<Oddity, Rule> = {
  pitch: { usual: 0.01, deviations: 3.4, least: 0.028 },
  height: { usual: 0.01, deviations: 3.4, least: 0.028 },
  tilt: { usual: 0.012, deviations: 3.4, least: 0.028 },
  baseline: { usual: 0.011, deviations: 4, least: 0.04 },
};

/** By how much round ends reach beyond the lines, in parts of the height, and how far that varies among fonts. */
const OVERSHOOT = { likely: 0.012, spread: 0.008 };
/** By how much, in pitches, a soft right side moves the middle that is measured. */
const SOFTNESS = { likely: -0.012, spread: 0.008 };
/** By what share sizes may differ between the middle of a row seen aslant and its end. */
const ASLANT = 0.06;
/** How far height and tilt may bend along a row seen aslant, from its middle to its end. */
const BEND = 0.02;
/** Blur before the slopes, and after them for finding where there is anything, in heights; never less, in pixels. */
const FINE = 0.03;
const COARSE = 0.05;
const LEAST_BLUR = 1.2;
/** What the height is taken for before it is known, in pixels. */
const UNKNOWN_TALL = 50;

/** Measures the row of characters in the picture; no glyphs where there is none. */
export function measureStrip(picture: Picture, options: Options = {}): Strip {
  const text = options.text?.replace(/[^\p{L}\p{N}]/gu, "").toUpperCase();
  const count = options.boxes?.length ?? options.expected ?? (text || undefined)?.length;
  if (picture.width < 16 || picture.height < 16) return { angle: 0, glyphs: [] };
  let seen = look(picture, UNKNOWN_TALL);
  let frame = new Frame(picture, baselineAngle(seen.coarse));
  let bounds: Extent[] = [];
  // The second time at the sharpness that their size asks for, and by the line on which the characters stand, which is
  // finer than what rows of pixels tell.
  for (let pass = 0; pass < 2; pass++) {
    bounds = found(seen, frame, options.boxes, count, text);
    if (bounds.length === 0) return { angle: degrees(frame.angle), glyphs: [] };
    if (pass > 0) break;
    frame = new Frame(picture, frame.angle + slant(bounds));
    seen = look(picture, median(bounds.map(({ down }) => length(down))));
  }
  const known = text?.length === bounds.length ? text : undefined;
  return { angle: degrees(frame.angle), glyphs: compared(bounds, tilts(seen.fine, frame, bounds, known), frame, known) };
}

interface Seen {
  fine: Slopes;
  coarse: Raster;
}

/** What grain there is in a photo is smaller than what makes a character, so blur goes by its height. */
function look(picture: Picture, tall: number): Seen {
  const fine = slopes(blurred(picture, Math.max(LEAST_BLUR, tall * FINE)));
  return { fine, coarse: blurred(fine.steepness, Math.max(LEAST_BLUR, tall * COARSE)) };
}

function found(
  { fine, coarse }: Seen,
  frame: Frame,
  boxes: Box[] | undefined,
  count: number | undefined,
  text: string | undefined,
): Extent[] {
  if (boxes) {
    if (boxes.length === 0) return [];
    const spans = boxes.map((box) => spansOf(box, frame));
    const rows = { from: median(spans.map(({ down }) => down.from)), to: median(spans.map(({ down }) => down.to)) };
    return extents(sidesIn(frame, fine, length(rows)), spans.map(({ across }) => across), rows);
  }
  const softly = frame.turned(coarse);
  const rows = band(softly);
  if (!rows) return [];
  return extents(sidesIn(frame, fine, length(rows)), characters(softly, rows, count, text?.length === count ? text : undefined), rows);
}

/** A box by hand in the turned picture: as large, around the same middle. */
function spansOf({ x, y, width, height }: Box, frame: Frame): Extent {
  const [column, row] = frame.into(x + width / 2, y + height / 2);
  return {
    across: { from: column - width / 2, to: column + width / 2 },
    down: { from: row - height / 2, to: row + height / 2 },
  };
}

/** By how much the row still rises in its frame, in radians. */
function slant(bounds: Extent[]): number {
  if (bounds.length < 3) return 0;
  const points = bounds.map(({ across, down }) => [(across.from + across.to) / 2, (down.from + down.to) / 2] as const);
  // The median of the slopes between all pairs, so that a character off the line does not turn the row.
  const rises = points.flatMap(([x, y], at) => points.slice(at + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)));
  return Math.atan(median(rises));
}

function compared(bounds: Extent[], turns: number[], frame: Frame, text: string | undefined): Glyph[] {
  const last = Math.max(1, bounds.length - 1);
  const along = bounds.map((_, place) => (place * 2) / last - 1);
  const centres = bounds.map(({ across }) => (across.from + across.to) / 2);
  const heights = bounds.map(({ down }) => length(down));
  const pitch = (centres.at(-1)! - centres[0]!) / last || 1;
  const tall = median(heights);
  const ends = bounds.map((_, place) => roundEnds(text?.[place]));
  const soft = bounds.map((_, place) => Number(softRight(text?.[place])));
  const smooth: Influence[] = [
    { values: along.map(() => 1), likely: 0, spread: FREE },
    { values: along, likely: 0, spread: FREE },
    { values: along.map((x) => x * x), likely: 0, spread: BEND },
  ];
  // Of a row seen aslant the places follow a fraction: nearly a parabola, and a little of a cubic.
  const places: Influence[] = [
    ...smooth.slice(0, 2),
    { values: along.map((x) => x * x), likely: 0, spread: (ASLANT * last) / 2 },
    { values: along.map((x) => x ** 3), likely: 0, spread: (ASLANT ** 2 * last) / 2 },
    { values: soft, ...SOFTNESS },
  ];
  const over = (round: number[]): Influence => ({ values: round, ...OVERSHOOT });
  const own = turns.map((_, place) => ofItsFont(text?.[place]));
  const measured: Record<Oddity, Deviation[]> = {
    pitch: deviations(centres.map((centre) => centre / pitch), places, RULES.pitch, own.map(({ middle }) => middle)),
    height: deviations(
      heights.map((height) => Math.log(height / tall)),
      [...smooth, over(ends.map(({ above, below }) => above + below))],
      RULES.height,
    ),
    tilt: deviations(turns, smooth, RULES.tilt, own.map(({ tilt }) => tilt)),
    baseline: deviations(
      bounds.map(({ down }) => down.to / tall),
      [...smooth, over(ends.map(({ below }) => below))],
      RULES.baseline,
    ),
  };
  return bounds.map((bound, place) => ({
    character: text?.[place] ?? null,
    ...inPicture(bound, frame),
    centre: centres[place]!,
    height: heights[place]!,
    pitch: place === 0 ? null : centres[place]! - centres[place - 1]!,
    pitchOff: measured.pitch[place]!.off,
    heightOff: measured.height[place]!.off,
    tilt: degrees(measured.tilt[place]!.off),
    baselineOff: measured.baseline[place]!.off,
    odd: (["pitch", "height", "tilt", "baseline"] as const).filter((one) => measured[one][place]!.odd),
  }));
}

function inPicture({ across, down }: Extent, frame: Frame): { box: Box; corners: [number, number][] } {
  const corners = [
    frame.back(across.from, down.from),
    frame.back(across.to, down.from),
    frame.back(across.to, down.to),
    frame.back(across.from, down.to),
  ];
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }, corners };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
