/** Finds the row of characters in a picture, and says what changes smoothly along a row that is seen aslant. */

import { extents, sidesIn } from "./measure";
import { deviations, FREE, type Influence, type Rule } from "./outliers";
import { blurred, Frame, median, slopes, type Picture, type Raster, type Slopes } from "./raster";
import type { Lying } from "./register";
import { band, baselineAngle, characters, length } from "./segment";
import type { Extent } from "./tilt";

/** In pixels of the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Row {
  /** In which the row lies level. */
  frame: Frame;
  /** Of its characters, from left to right; none where there is no row. */
  bounds: Extent[];
  fine: Slopes;
}

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

/** The row of `count` characters, or of as many as there seem to be, with this text, if it is known and as long. */
export function rowIn(picture: Picture, boxes: Box[] | undefined, count: number | undefined, text: string | undefined): Row {
  let seen = look(picture, UNKNOWN_TALL);
  let frame = new Frame(picture, baselineAngle(seen.coarse));
  let bounds: Extent[] = [];
  // The second time at the sharpness that their size asks for, and by the line on which the characters stand, which is
  // finer than what rows of pixels tell.
  for (let pass = 0; pass < 2; pass++) {
    bounds = found(seen, frame, boxes, count, text);
    if (bounds.length === 0 || pass > 0) break;
    frame = new Frame(picture, frame.angle + slant(bounds));
    seen = look(picture, median(bounds.map(({ down }) => length(down))));
  }
  return { frame, bounds, fine: seen.fine };
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

/** What height and tilt follow along a row of so many. */
export function smooth(count: number): Influence[] {
  const along = alongOf(count);
  return [
    { values: along.map(() => 1), likely: 0, spread: FREE },
    { values: along, likely: 0, spread: FREE },
    { values: along.map((x) => x * x), likely: 0, spread: BEND },
  ];
}

/** What places follow, in pitches: of a row seen aslant a fraction, nearly a parabola and a little of a cubic. */
export function places(count: number): Influence[] {
  const along = alongOf(count);
  const last = Math.max(1, count - 1);
  return [
    ...smooth(count).slice(0, 2),
    { values: along.map((x) => x * x), likely: 0, spread: (ASLANT * last) / 2 },
    { values: along.map((x) => x ** 3), likely: 0, spread: (ASLANT ** 2 * last) / 2 },
  ];
}

function alongOf(count: number): number[] {
  return Array.from({ length: count }, (_, place) => (place * 2) / Math.max(1, count - 1) - 1);
}

/** Pixels from one character to the next, in the mean. */
export function pitchOf(centres: number[]): number {
  return (centres.at(-1)! - centres[0]!) / Math.max(1, centres.length - 1) || 1;
}

const ROUGHLY: Rule = { usual: 0.015, deviations: 3, least: 0.03 };

/** How each character would lie if it followed the row, by its bounds. */
export function expected(bounds: Extent[]): Lying[] {
  const seemed = bounds.map(({ across, down }) => {
    const [x, y] = [(across.from + across.to) / 2, (down.from + down.to) / 2];
    return { x, y, tall: length(down), wide: length(down), turn: 0, lean: 0 };
  });
  return following(seemed);
}

/** The same, by how each was found to lie; how narrow it is and how it leans are its own. */
export function following(lying: Lying[]): Lying[] {
  const pitch = pitchOf(lying.map(({ x }) => x));
  const tall = median(lying.map((one) => one.tall));
  const curve = smooth(lying.length);
  const [xs, ys, talls, turns] = [
    followed(lying.map(({ x }) => x / pitch), places(lying.length)),
    followed(lying.map(({ y }) => y / tall), curve),
    followed(lying.map((one) => Math.log(one.tall / tall)), curve),
    followed(lying.map(({ turn }) => turn), curve),
  ];
  return lying.map((one, at) => {
    const high = tall * Math.exp(talls[at]!);
    return { ...one, x: xs[at]! * pitch, y: ys[at]! * tall, tall: high, wide: (one.wide / one.tall) * high, turn: turns[at]! };
  });
}

function followed(values: number[], influences: Influence[]): number[] {
  return deviations(values, influences, ROUGHLY).map(({ off }, at) => values[at]! - off);
}
