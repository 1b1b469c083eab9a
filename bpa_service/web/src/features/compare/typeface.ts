/**
 * A typeface as it is struck into metal: for each character how deep it is, around its middle. Depth is learned and not
 * a look, because a look changes with the light, and any light can be worked out from a depth.
 */

/** A character's depths lie on a grid of so many cells, of which so many make its height. */
export const COLUMNS = 31;
export const ROWS = 40;
export const CELLS = COLUMNS * ROWS;
const EACH_HEIGHT = 34;

/** How far each cell is from the middle of its character, in heights: to the right, and down. */
export const ACROSS = Float32Array.from({ length: CELLS }, (_, at) => ((at % COLUMNS) - (COLUMNS - 1) / 2) / EACH_HEIGHT);
export const DOWN = Float32Array.from({ length: CELLS }, (_, at) => (Math.floor(at / COLUMNS) - (ROWS - 1) / 2) / EACH_HEIGHT);

export interface Typeface {
  /** What it is called, for people. */
  name: string;
  /** By character: depths by row, about 1 at the floor of a stroke and 0 beside it. */
  depths: Map<string, Float32Array>;
  /** By character: how genuine ones are off their rows by their nature; none is known of those that are not named. */
  natures: Map<string, Nature>;
}

/** For place (pitches), height (parts), tilt (radians) and foot (heights): what is likely and its spread, by turns. */
export type Nature = readonly number[];

/** A typeface as it is kept: depths in steps, a byte each, as base64. */
export interface KeptTypeface {
  name: string;
  /** Depth of each step. */
  step: number;
  depths: Record<string, string>;
  natures?: Record<string, number[]>;
}

const MOST_STEPS = 127;

export function kept({ name, depths, natures }: Typeface): KeptTypeface {
  let deepest = 0;
  for (const values of depths.values()) for (const value of values) deepest = Math.max(deepest, Math.abs(value));
  const step = Number((deepest / MOST_STEPS || 1).toPrecision(6));
  const coded = [...depths].map(([character, values]) => {
    const bytes = Array.from(values, (value) => Math.max(-MOST_STEPS, Math.min(MOST_STEPS, Math.round(value / step))) & 255);
    return [character, btoa(String.fromCharCode(...bytes))] as const;
  });
  return { name, step, depths: Object.fromEntries(coded), natures: Object.fromEntries([...natures].map(([one, nature]) => [one, [...nature]])) };
}

/** Raises RangeError if the depths are not of the grid that this version measures on. */
export function typefaceOf({ name, step, depths, natures = {} }: KeptTypeface): Typeface {
  const read = Object.entries(depths).map(([character, coded]) => {
    const bytes = atob(coded);
    if (bytes.length !== CELLS) throw new RangeError(`the depths of ${character} have ${bytes.length} cells, not ${CELLS}`);
    return [character, Float32Array.from(bytes, (byte) => ((byte.charCodeAt(0) << 24) >> 24) * step)] as const;
  });
  return { name, depths: new Map(read), natures: new Map(Object.entries(natures)) };
}

/** How much the values of a grid change to the right and downwards, for each height; none beyond its sides. */
export function changes(values: Float32Array): { right: Float32Array; down: Float32Array } {
  const [right, down] = [new Float32Array(CELLS), new Float32Array(CELLS)];
  for (let at = 0; at < CELLS; at++) {
    const column = at % COLUMNS;
    if (column > 0 && column < COLUMNS - 1) right[at] = ((values[at + 1]! - values[at - 1]!) * EACH_HEIGHT) / 2;
    if (at >= COLUMNS && at < CELLS - COLUMNS) down[at] = ((values[at + COLUMNS]! - values[at - COLUMNS]!) * EACH_HEIGHT) / 2;
  }
  return { right, down };
}

/**
 * `changes` turned around: by how much a sum over all changes, each by the factor that is given for its cell, grows with
 * each value. Exactly so at the sides, too: what solves by both of them runs away there otherwise.
 */
export function changed(right: Float32Array, down: Float32Array): Float32Array {
  const made = new Float32Array(CELLS);
  for (let at = 0; at < CELLS; at++) {
    const column = at % COLUMNS;
    if (column > 0 && column < COLUMNS - 1) {
      made[at + 1]! += (right[at]! * EACH_HEIGHT) / 2;
      made[at - 1]! -= (right[at]! * EACH_HEIGHT) / 2;
    }
    if (at >= COLUMNS && at < CELLS - COLUMNS) {
      made[at + COLUMNS]! += (down[at]! * EACH_HEIGHT) / 2;
      made[at - COLUMNS]! -= (down[at]! * EACH_HEIGHT) / 2;
    }
  }
  return made;
}
