/** Finds the row of characters in a picture, and says what changes smoothly along a row that is seen aslant. */

import { extents, sidesIn } from "./measure";
import { FREE, type Influence } from "./fitted";
import { blurred, Frame, median, slopes, type Picture, type Raster, type Slopes } from "./raster";
import { band, baselineAngle, characters, length, type Extent } from "./segment";

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

/** How far height may bend along a row seen aslant, from its middle to its end. */
const BEND = 0.02;
/** Blur before the slopes, and after them for finding where there is anything, in heights; never less, in pixels. */
const FINE = 0.03;
const COARSE = 0.05;
const LEAST_BLUR = 1.2;
/** What the height is taken for before it is known, in pixels. */
const UNKNOWN_TALL = 50;

/** The row of as many characters as the text has; without one, of as many as there seem to be. */
export function rowIn(picture: Picture, text: string | undefined): Row {
  let seen = look(picture, UNKNOWN_TALL);
  let frame = new Frame(picture, baselineAngle(seen.coarse));
  let bounds: Extent[] = [];
  // The second time at the sharpness that their size asks for, and by the line on which the characters stand, which is
  // finer than what rows of pixels tell.
  for (let pass = 0; pass < 2; pass++) {
    bounds = found(seen, frame, text);
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

function found({ fine, coarse }: Seen, frame: Frame, text: string | undefined): Extent[] {
  const softly = frame.turned(coarse);
  const rows = band(softly);
  if (!rows) return [];
  return extents(sidesIn(frame, fine, length(rows)), characters(softly, rows, text?.length, text), rows);
}

/** By how much the row still rises in its frame, in radians. */
function slant(bounds: Extent[]): number {
  if (bounds.length < 3) return 0;
  const points = bounds.map(({ across, down }) => [(across.from + across.to) / 2, (down.from + down.to) / 2] as const);
  // The median of the slopes between all pairs, so that a character off the line does not turn the row.
  const rises = points.flatMap(([x, y], at) => points.slice(at + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)));
  return Math.atan(median(rises));
}

/** What height follows along a row of so many. */
export function smooth(count: number): Influence[] {
  const along = alongOf(count);
  return [
    { values: along.map(() => 1), likely: 0, spread: FREE },
    { values: along, likely: 0, spread: FREE },
    { values: along.map((x) => x * x), likely: 0, spread: BEND },
  ];
}

function alongOf(count: number): number[] {
  return Array.from({ length: count }, (_, place) => (place * 2) / Math.max(1, count - 1) - 1);
}
