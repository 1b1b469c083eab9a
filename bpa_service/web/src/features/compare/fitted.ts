/** By what each of a row of measurements differs from the rest, where the rest may change smoothly along the row. */

import { solved } from "./linear";

/** One number more that the measurements depend on linearly: its value at each place, and how far its factor goes. */
export interface Influence {
  values: number[];
  /** What the factor is likely to be, and its standard deviation; a wide one leaves it to the measurements. */
  likely: number;
  spread: number;
}

/** A factor that only the measurements decide. */
export const FREE = 1e3;

/**
 * Each measurement less what the others let expect at its place. `usual` is the standard deviation of a genuine row.
 */
export function offs(values: number[], influences: Influence[], usual: number): number[] {
  return values.map((value, place) => value - expectedAt(place, values, influences, usual));
}

function expectedAt(place: number, values: number[], influences: Influence[], usual: number): number {
  const normal = influences.map((one, row) => influences.map((_, column) => (row === column ? (usual / one.spread) ** 2 : 0)));
  const right = influences.map(({ likely, spread }) => likely * (usual / spread) ** 2);
  for (const [other, measured] of values.entries()) {
    if (other === place) continue;
    for (const [row, one] of influences.entries()) {
      const value = one.values[other]!;
      right[row]! += value * measured;
      for (const [column, another] of influences.entries()) normal[row]![column]! += value * another.values[other]!;
    }
  }
  return solved(normal, right).reduce((sum, factor, at) => sum + factor * influences[at]!.values[place]!, 0);
}
