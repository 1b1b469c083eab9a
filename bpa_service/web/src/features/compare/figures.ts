/**
 * What may be said of the characters of a number: only what does not depend on how exactly the box around it was drawn.
 * The number is measured in nine boxes, the drawn one and others a little narrower, wider, lower and higher, and each
 * figure comes with how far it went; what goes too far, or finds other characters, cannot be measured.
 */

import { measureStrip, type Box, type Glyph, type Measure, type Strip } from "./glyphs";
import { median, type Picture } from "./raster";

export const MEASURES = ["pitch", "height", "tilt", "baseline"] as const satisfies readonly Measure[];

/** A measure of a character: its middle among the boxes, and how far it went to either side of that. */
export interface Figure {
  off: number;
  spread: number;
}

/** Of one character; null where it cannot be measured. */
export type Figures = Record<Measure, Figure | null>;

/** By how much sides are moved in and out, in parts of the box's height: about as exactly as a hand draws. */
const ACROSS = [0, -0.15, 0.15];
const DOWN = [0, -0.1, 0.1];
/** A figure that went further than this tells nothing: a genuine row scatters as much. */
const MOST: Record<Measure, number> = { pitch: 0.01, height: 0.01, tilt: 1, baseline: 0.01 };
/** A character is the same one if its middle moved by less than this, in parts of its height. */
const SAME = 0.25;

/** The drawn box first, then those beside it; none goes beyond the picture. */
export function boxesAround(drawn: Box, { width, height }: Pick<Picture, "width" | "height">): Box[] {
  const grown = (across: number, down: number): Box => {
    const [wider, higher] = [across * drawn.height, down * drawn.height];
    const [x, y] = [Math.max(0, Math.round(drawn.x - wider)), Math.max(0, Math.round(drawn.y - higher))];
    const right = Math.min(width, Math.round(drawn.x + drawn.width + wider));
    const below = Math.min(height, Math.round(drawn.y + drawn.height + higher));
    return { x, y, width: right - x, height: below - y };
  };
  return ACROSS.flatMap((across) => DOWN.map((down) => grown(across, down)));
}

/** The characters in one box of the picture, where they lie in the picture. */
export function stripIn(picture: Picture, box: Box, text: string): Strip {
  const { angle, glyphs } = measureStrip(part(picture, box), text);
  const moved = glyphs.map((one) => ({ ...one, box: { ...one.box, x: one.box.x + box.x, y: one.box.y + box.y } }));
  return { angle, glyphs: moved };
}

/** What may be said of each character of the drawn box, by all strips: its own is the first. */
export function figuresOf(strips: readonly Strip[]): Figures[] {
  const [drawn] = strips;
  return (drawn?.glyphs ?? []).map((glyph, place) => {
    const found = strips.map(({ glyphs }) => (glyphs.length === drawn?.glyphs.length ? glyphs[place] : undefined));
    const same = found.filter((one): one is Glyph => one !== undefined && isSame(one, glyph));
    const all = same.length === strips.length;
    const figure = (which: Measure): Figure | null => (all ? within(same.map(({ off }) => off[which]), MOST[which]) : null);
    return { pitch: figure("pitch"), height: figure("height"), tilt: figure("tilt"), baseline: figure("baseline") };
  });
}

function within(values: number[], most: number): Figure | null {
  const off = median(values);
  const spread = Math.max(...values.map((value) => Math.abs(value - off)));
  return spread <= most ? { off, spread } : null;
}

function isSame(one: Glyph, other: Glyph): boolean {
  const [a, b] = [one.box, other.box];
  const [dx, dy] = [a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2];
  return Math.hypot(dx, dy) < SAME * b.height;
}

function part({ width, data }: Picture, box: Box): Picture {
  const made = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) made[y * box.width + x] = data[(y + box.y) * width + x + box.x]!;
  }
  return { width: box.width, height: box.height, data: made };
}
