/**
 * The measuring core of the glyph strip: cuts the characters of a stamped number out of a box that a hand placed, and
 * says by what each is off its row. Distances, heights and tilts change smoothly along a row that is seen aslant, so
 * each is compared with what the other characters let expect at its place.
 */

import { ofItsFont, roundEnds, softRight } from "./letters";
import { looksIn, matched, type Matched } from "./match";
import { tilts } from "./measure";
import { deviations, type Deviation, type Influence, type Rule } from "./outliers";
import { median, type Frame, type Picture } from "./raster";
import type { Lying } from "./register";
import { expected, pitchOf, places, rowIn, smooth, type Box, type Row } from "./row";
import { length } from "./segment";
import type { Extent } from "./tilt";
import type { Nature, Typeface } from "./typeface";

export type { Box };
export type Oddity = "pitch" | "height" | "tilt" | "baseline";

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
  /** How well the row fits the typeface it was compared with, 0 to 1; null where there was none to compare with. */
  fit: number | null;
  /** Whether it was measured by that typeface; else, by what characters have in common in all. */
  byTypeface: boolean;
}

export interface Options {
  /** How many characters to find; by default as many as the text has, and without one as many as there seem to be. */
  expected?: number;
  /** What is written there, as far as anybody knows: letters lean and reach by their nature. Stars are ignored. */
  text?: string;
  /** Where the characters stand, by hand, from left to right: then no others are looked for. */
  boxes?: Box[];
  /** What the maker's characters look like, as was learned from genuine strips: measures are far better for it. */
  typeface?: Typeface;
}

/** What is odd, found with `python -m bench.glyphs` on stampings that its figures are not about. */
export const RULES: Record<Oddity, Rule> = {
  pitch: { usual: 0.01, deviations: 3.4, least: 0.028 },
  height: { usual: 0.01, deviations: 3.4, least: 0.028 },
  tilt: { usual: 0.012, deviations: 3.4, least: 0.028 },
  baseline: { usual: 0.011, deviations: 4, least: 0.04 },
};
/** The same where the typeface is known. */
export const FINER: Record<Oddity, Rule> = {
  pitch: { usual: 0.0095, deviations: 3.5, least: 0.03 },
  height: { usual: 0.0105, deviations: 3.1, least: 0.03 },
  tilt: { usual: 0.007, deviations: 3.4, least: 0.034 },
  baseline: { usual: 0.011, deviations: 4.5, least: 0.045 },
};
/** A row that fits a typeface less is not of it. */
const LEAST_FIT = 0.65;

/** By how much round ends reach beyond the lines, in parts of the height, and how far that varies among fonts. */
const OVERSHOOT = { likely: 0.012, spread: 0.008 };
/** By how much, in pitches, a soft right side moves the middle that is measured. */
const SOFTNESS = { likely: -0.012, spread: 0.008 };

/** How far a character of usual width reaches from its middle, in the typeface's own measure. */
const HALF_WIDE = 0.32;

/** Measures the row of characters in the picture; no glyphs where there is none. */
export function measureStrip(picture: Picture, options: Options = {}): Strip {
  const text = options.text?.replace(/[^\p{L}\p{N}]/gu, "").toUpperCase();
  const count = options.boxes?.length ?? options.expected ?? (text || undefined)?.length;
  const none = { glyphs: [], fit: null, byTypeface: false };
  if (picture.width < 16 || picture.height < 16) return { angle: 0, ...none };
  const row = rowIn(picture, options.boxes, count, text);
  const angle = degrees(row.frame.angle);
  if (row.bounds.length === 0) return { angle, ...none };
  const known = text?.length === row.bounds.length ? text : undefined;
  const laid = known && options.typeface && against(picture, row, known, options.typeface);
  const fit = laid ? median(laid.fits) : null;
  const byTypeface = fit !== null && fit >= LEAST_FIT;
  const measures = laid && byTypeface ? byLike(laid.lying, Array.from(known ?? "", (one) => options.typeface?.natures.get(one) ?? [])) : byRow(row, known);
  return { angle, glyphs: glyphs(measures, row.frame, known), fit, byTypeface };
}

function against(picture: Picture, { frame, bounds }: Row, text: string, typeface: Typeface): Matched | undefined {
  const looks = looksIn(typeface, text);
  const seemed = expected(bounds);
  return looks && matched(picture, frame, seemed, looks, pitchOf(seemed.map(({ x }) => x)));
}

/** What was measured of a row, each in the place of its character. */
interface Measures {
  corners: [number, number][][];
  centres: number[];
  heights: number[];
  off: Record<Oddity, Deviation[]>;
}

function glyphs({ corners, centres, heights, off }: Measures, frame: Frame, text: string | undefined): Glyph[] {
  return centres.map((centre, place) => ({
    character: text?.[place] ?? null,
    ...inPicture(corners[place]!, frame),
    centre,
    height: heights[place]!,
    pitch: place === 0 ? null : centre - centres[place - 1]!,
    pitchOff: off.pitch[place]!.off,
    heightOff: off.height[place]!.off,
    tilt: degrees(off.tilt[place]!.off),
    baselineOff: off.baseline[place]!.off,
    odd: (["pitch", "height", "tilt", "baseline"] as const).filter((one) => off[one][place]!.odd),
  }));
}

/** By how each character lies over its like. */
function byLike(lying: Lying[], natures: Nature[]): Measures {
  const count = lying.length;
  const [centres, heights] = [lying.map(({ x }) => x), lying.map(({ tall }) => tall)];
  const [pitch, tall] = [pitchOf(centres), median(heights)];
  const curve = smooth(count);
  const off = (which: number, values: number[], influences: Influence[], rule: Rule): Deviation[] =>
    deviations(
      values.map((value, at) => value - (natures[at]?.[which * 2] ?? 0)),
      influences,
      rule,
      natures.map((nature) => nature[which * 2 + 1] ?? 0),
    );
  return {
    corners: lying.map(cornersOf),
    centres,
    heights,
    off: {
      pitch: off(0, centres.map((centre) => centre / pitch), places(count), FINER.pitch),
      height: off(1, heights.map((height) => Math.log(height / tall)), curve, FINER.height),
      tilt: off(2, lying.map(({ turn }) => turn), curve, FINER.tilt),
      baseline: off(3, lying.map((one) => (one.y + one.tall / 2) / tall), curve, FINER.baseline),
    },
  };
}

/** About around what was struck: how wide a character is, its typeface keeps to itself. */
function cornersOf({ x, y, tall, wide, turn }: Lying): [number, number][] {
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const [right, down] = [wide * HALF_WIDE, tall / 2];
  return ([[-right, -down], [right, -down], [right, down], [-right, down]] as const).map(([across, below]) => [
    x + across * cosine - below * sine,
    y + across * sine + below * cosine,
  ]);
}

/** By what characters of all typefaces have in common. */
function byRow({ bounds, fine, frame }: Row, text: string | undefined): Measures {
  const turns = tilts(fine, frame, bounds, text);
  const centres = bounds.map(({ across }) => (across.from + across.to) / 2);
  const heights = bounds.map(({ down }) => length(down));
  const pitch = pitchOf(centres);
  const tall = median(heights);
  const ends = bounds.map((_, place) => roundEnds(text?.[place]));
  const soft = bounds.map((_, place) => Number(softRight(text?.[place])));
  const curve = smooth(bounds.length);
  const middles: Influence[] = [...places(bounds.length), { values: soft, ...SOFTNESS }];
  const over = (round: number[]): Influence => ({ values: round, ...OVERSHOOT });
  const own = turns.map((_, place) => ofItsFont(text?.[place]));
  const off: Record<Oddity, Deviation[]> = {
    pitch: deviations(centres.map((centre) => centre / pitch), middles, RULES.pitch, own.map(({ middle }) => middle)),
    height: deviations(
      heights.map((height) => Math.log(height / tall)),
      [...curve, over(ends.map(({ above, below }) => above + below))],
      RULES.height,
    ),
    tilt: deviations(turns, curve, RULES.tilt, own.map(({ tilt }) => tilt)),
    baseline: deviations(
      bounds.map(({ down }) => down.to / tall),
      [...curve, over(ends.map(({ below }) => below))],
      RULES.baseline,
    ),
  };
  return { corners: bounds.map(upright), centres, heights, off };
}

function upright({ across, down }: Extent): [number, number][] {
  return [
    [across.from, down.from],
    [across.to, down.from],
    [across.to, down.to],
    [across.from, down.to],
  ];
}

function inPicture(around: [number, number][], frame: Frame): { box: Box; corners: [number, number][] } {
  const corners = around.map(([x, y]) => frame.back(x, y));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }, corners };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
