/**
 * By what each character of a number differs from its row, under a grid that a person accepted. The number is measured
 * as it was laid and as eight other hands might have laid it, and each value comes with how far it went: one that goes
 * further than a genuine row scatters cannot be measured. Nothing follows from a value.
 */

import { offs, type Influence } from "./fitted";
import { aboutIt, sizeOf, type Corners, type Grid } from "./grid";
import { contentsIn } from "./lattice";
import { roundEnds } from "./letters";
import { extents, sidesIn } from "./measure";
import { blurred, Frame, median, slopes, type Picture, type Raster } from "./raster";
import { frontalGrey, type Part } from "./rectify";
import { smooth } from "./row";
import { length } from "./segment";

export const MEASURES = ["baseline", "height"] as const;
export type Measure = (typeof MEASURES)[number];

/** In parts of the height: by what its foot is below the line of the others, and by what it is taller than they. */
export type Values = Record<Measure, number>;

/** The middle among nine grids, and how far they went to either side of it; `held` unless that is too far. */
export interface Figure {
  off: number;
  spread: number;
  held: boolean;
}
export type Figures = Record<Measure, Figure>;

/** The standard deviation of a genuine row. */
const USUAL: Values = { height: 0.01, baseline: 0.011 };
/** A value that went further than this tells nothing: a genuine row scatters as much. */
const MOST: Values = { height: 0.015, baseline: 0.015 };
/** By how much round ends reach beyond the lines, in parts of the height, and how far that varies among fonts. */
const OVERSHOOT = { likely: 0.012, spread: 0.008 };
/** How high the row is measured, in pixels, and what is seen of what is around it, in heights. */
const TALL = 72;
const ROOM = 0.4;
const BLUR = { fine: 0.03, coarse: 0.05 };

/** The values of each character, by all nine grids. `text` is what stands there, as far as anybody knows. */
export function figuresOf(picture: Picture, grid: Grid, text: string): Figures[] {
  const all = aboutIt(grid).map((one) => valuesOf(picture, one, text));
  return grid.cuts.slice(1).map((_, place) => {
    const figure = (which: Measure): Figure => {
      const found = all.map((values) => values[place]![which]);
      const off = median(found);
      const spread = Math.max(...found.map((value) => Math.abs(value - off)));
      return { off, spread, held: spread <= MOST[which] }; // of what is not a number nothing is held
    };
    return { baseline: figure("baseline"), height: figure("height") };
  });
}

/** The values under one grid alone. */
export function valuesOf(picture: Picture, { corners, cuts }: Grid, text: string): Values[] {
  const { strip, part } = front(picture, corners);
  const wide = strip.width;
  const fine = slopes(blurred(strip, TALL * BLUR.fine));
  const rows = { from: ROOM * TALL, to: (1 + ROOM) * TALL };
  const frame = new Frame(strip, 0);
  const at = cuts.map((cut) => ((cut - part.from) / (part.to - part.from)) * wide);
  const columns = contentsIn(blurred(fine.steepness, TALL * BLUR.coarse), rows, at);
  const bounds = extents(sidesIn(frame, fine, TALL), columns, rows);
  const letters = [...text];
  const heights = bounds.map(({ down }) => length(down));
  const tall = median(heights);
  const ends = bounds.map((_, place) => roundEnds(letters[place]));
  const curve = smooth(bounds.length);
  const over = (round: number[]): Influence => ({ values: round, ...OVERSHOOT });
  const off = {
    height: offs(heights.map((high) => Math.log(high / tall)), [...curve, over(ends.map(({ above, below }) => above + below))], USUAL.height),
    baseline: offs(bounds.map(({ down }) => down.to / tall), [...curve, over(ends.map(({ below }) => below))], USUAL.baseline),
  };
  return bounds.map((_, place) => ({ height: off.height[place]!, baseline: off.baseline[place]! }));
}

/** The number from the front, with what is around it. */
function front(picture: Picture, corners: Corners): { strip: Raster; part: Part } {
  const { width, height } = sizeOf(corners);
  const beside = (ROOM * height) / width;
  const part = { from: -beside, to: 1 + beside, above: -ROOM, below: 1 + ROOM };
  const strip = frontalGrey(picture, corners, part, Math.round((width / height + 2 * ROOM) * TALL), Math.round((1 + 2 * ROOM) * TALL));
  return { strip, part };
}
