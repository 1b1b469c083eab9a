/** Which of a row of measurements does not follow the rest, where the rest may change smoothly along the row. */

import { solved } from "./linear";
import { median } from "./raster";

/** One number more that the measurements depend on linearly: its value at each place, and how far its factor goes. */
export interface Influence {
  values: number[];
  /** What the factor is likely to be, and its standard deviation; a wide one leaves it to the measurements. */
  likely: number;
  spread: number;
}

export interface Rule {
  /** The usual standard deviation of a genuine row, in the unit of the measurements. */
  usual: number;
  /** From how many standard deviations on a measurement is odd... */
  deviations: number;
  /** ...if it is off by at least this, in the unit of the measurements. */
  least: number;
}

export interface Deviation {
  /** The measurement less what the others let expect, in the unit of the measurements. */
  off: number;
  odd: boolean;
}

const KNOWN_AS = 8;
const MOST_ODD = 1 / 3;
const FEWEST = 5;

/** A factor that only the measurements decide. */
export const FREE = 1e3;

/**
 * What each measurement is off by, and whether that is odd. Each is compared with what the others let expect, the
 * most odd one is put aside, and so on: one stray character neither hides behind the row nor makes others stray.
 * `own` is by how much more each may differ by its nature (a standard deviation).
 */
export function deviations(values: number[], influences: Influence[], rule: Rule, own?: number[]): Deviation[] {
  const aside = new Set<number>();
  const everyone = values.map((_, place) => place);
  if (values.length >= FEWEST) {
    while (aside.size < Math.floor(values.length * MOST_ODD)) {
      const kept = everyone.filter((place) => !aside.has(place));
      const judged = kept.map((place) => judge(place, kept, values, influences, rule, own));
      const scale = spreadOf(judged, rule.usual);
      const worst = judged
        .filter(({ off }) => Math.abs(off) >= rule.least)
        .map(({ place, off, unsure, nature }) => ({ place, sigmas: Math.abs(off) / Math.hypot(scale * unsure, nature) }))
        .reduce((most, one) => (one.sigmas > most.sigmas ? one : most), { place: -1, sigmas: rule.deviations });
      if (worst.place < 0) break;
      aside.add(worst.place);
    }
  }
  const kept = everyone.filter((place) => !aside.has(place));
  return everyone.map((place) => ({
    off: judge(place, kept, values, influences, rule, own).off,
    odd: aside.has(place),
  }));
}

interface Judged {
  place: number;
  off: number;
  /** By what the uncertainty of the fit widens the usual deviation, at least 1. */
  unsure: number;
  nature: number;
}

/** The place against a fit of the others. */
function judge(
  place: number,
  kept: number[],
  values: number[],
  influences: Influence[],
  { usual }: Rule,
  own?: number[],
): Judged {
  const size = influences.length;
  const normal = influences.map((one, row) => influences.map((_, column) => (row === column ? (usual / one.spread) ** 2 : 0)));
  const right = influences.map(({ likely, spread }) => likely * (usual / spread) ** 2);
  for (const other of kept) {
    if (other === place) continue;
    // What differs by its nature says less about the row.
    const weight = usual ** 2 / (usual ** 2 + (own?.[other] ?? 0) ** 2);
    for (let row = 0; row < size; row++) {
      const value = influences[row]!.values[other]! * weight;
      right[row]! += value * values[other]!;
      for (let column = 0; column < size; column++) normal[row]![column]! += value * influences[column]!.values[other]!;
    }
  }
  const here = influences.map((one) => one.values[place]!);
  const factors = solved(normal, right);
  const leverage = solved(normal, here).reduce((sum, part, at) => sum + part * here[at]!, 0);
  const expected = factors.reduce((sum, factor, at) => sum + factor * here[at]!, 0);
  return {
    place,
    off: values[place]! - expected,
    unsure: Math.sqrt(1 + Math.max(0, leverage)),
    nature: own?.[place] ?? 0,
  };
}

/** The row's own spread, drawn towards the usual one: seventeen characters do not tell theirs well. */
function spreadOf(judged: Judged[], usual: number): number {
  const measured = 1.48 * median(judged.map(({ off, unsure, nature }) => Math.abs(off) / Math.hypot(unsure, nature / usual)));
  return Math.sqrt((judged.length * measured ** 2 + KNOWN_AS * usual ** 2) / (judged.length + KNOWN_AS));
}
