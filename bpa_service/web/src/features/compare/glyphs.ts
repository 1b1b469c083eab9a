/**
 * The measuring core of the glyph strip: cuts the characters of a stamped number out of a box that a hand placed, and
 * says how each stands against its row. Distances, heights and tilts change smoothly along a row that is seen aslant, so
 * each is compared with what the other characters let expect at its place. What comes of one box is no figure to show:
 * see `figures.ts`.
 */

import { offs, type Influence } from "./fitted";
import { ofItsFont, roundEnds, softRight } from "./letters";
import { tilts } from "./measure";
import { median, type Frame, type Picture } from "./raster";
import { pitchOf, places, rowIn, smooth, type Box, type Row } from "./row";
import { length } from "./segment";
import type { Extent } from "./tilt";

export type { Box };
export type Measure = "pitch" | "height" | "tilt" | "baseline";

export interface Glyph {
  /** The character, where the text is known and as long as what was found. */
  character: string | null;
  /** The upright box around it. */
  box: Box;
  /**
   * By what it differs from its row: in its place, to the right, in parts of the pitch; in its height, in parts of it; in
   * its tilt, clockwise, in degrees; and by what its foot is below the line of the others, in parts of the height.
   */
  off: Record<Measure, number>;
}

export interface Strip {
  /** At what angle the row lies in the picture, in degrees, clockwise positive. */
  angle: number;
  glyphs: Glyph[];
}

/** The standard deviation of a genuine row. */
const USUAL: Record<Measure, number> = { pitch: 0.01, height: 0.01, tilt: 0.012, baseline: 0.011 };

/** By how much round ends reach beyond the lines, in parts of the height, and how far that varies among fonts. */
const OVERSHOOT = { likely: 0.012, spread: 0.008 };
/** By how much, in pitches, a soft right side moves the middle that is measured. */
const SOFTNESS = { likely: -0.012, spread: 0.008 };

/**
 * Measures the row of characters in the picture; no glyphs where there is none. `written` is what stands there as far as
 * anybody knows: letters lean and reach by their nature. Stars are ignored.
 */
export function measureStrip(picture: Picture, written = ""): Strip {
  const text = written.replace(/[^\p{L}\p{N}]/gu, "").toUpperCase() || undefined;
  if (picture.width < 16 || picture.height < 16) return { angle: 0, glyphs: [] };
  const row = rowIn(picture, text);
  const angle = degrees(row.frame.angle);
  if (row.bounds.length === 0) return { angle, glyphs: [] };
  return { angle, glyphs: glyphs(row, text?.length === row.bounds.length ? text : undefined) };
}

/** By what characters of all typefaces have in common. */
function glyphs({ bounds, fine, frame }: Row, text: string | undefined): Glyph[] {
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
  const off: Record<Measure, number[]> = {
    pitch: offs(centres.map((centre) => centre / pitch), middles, USUAL.pitch, own.map(({ middle }) => middle)),
    height: offs(
      heights.map((height) => Math.log(height / tall)),
      [...curve, over(ends.map(({ above, below }) => above + below))],
      USUAL.height,
    ),
    tilt: offs(turns, curve, USUAL.tilt, own.map(({ tilt }) => tilt)),
    baseline: offs(bounds.map(({ down }) => down.to / tall), [...curve, over(ends.map(({ below }) => below))], USUAL.baseline),
  };
  return bounds.map((bound, place) => ({
    character: text?.[place] ?? null,
    box: inPicture(bound, frame),
    off: { pitch: off.pitch[place]!, height: off.height[place]!, tilt: degrees(off.tilt[place]!), baseline: off.baseline[place]! },
  }));
}

function inPicture({ across, down }: Extent, frame: Frame): Box {
  const corners = [across.from, across.to].flatMap((x) => [frame.back(x, down.from), frame.back(x, down.to)]);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
