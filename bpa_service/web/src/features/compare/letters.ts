/**
 * The characters of a vehicle's number as plain strokes, in a box one wide and one high, y downwards. They are of no
 * font in particular: what is measured against them is which way strokes run, not what they look like.
 */

export interface Stroke {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** How many pieces a curve is drawn in. */
const PIECES = 7;

const PATHS: Record<string, string> = {
  A: "M0 1L.5 0L1 1M.18 .66L.82 .66",
  B: "M0 0L0 1L.6 1Q1 1 1 .74Q1 .48 .6 .48L0 .48M0 0L.55 0Q.93 0 .93 .24Q.93 .48 .55 .48",
  C: "M1 .28Q.95 0 .52 0Q0 0 0 .5Q0 1 .52 1Q.95 1 1 .7",
  D: "M0 0L0 1L.45 1Q1 1 1 .5Q1 0 .45 0L0 0",
  E: "M1 0L0 0L0 1L1 1M0 .48L.88 .48",
  F: "M1 0L0 0L0 1M0 .5L.85 .5",
  G: "M.97 .25Q.9 0 .52 0Q0 0 0 .5Q0 1 .52 1Q1 1 1 .6L1 .53L.55 .53",
  H: "M0 0L0 1M1 0L1 1M0 .48L1 .48",
  J: "M1 0L1 .7Q1 1 .5 1Q0 1 0 .7",
  K: "M0 0L0 1M.95 0L0 .62M.33 .4L1 1",
  L: "M0 0L0 1L1 1",
  M: "M0 1L0 0L.5 .9L1 0L1 1",
  N: "M0 1L0 0L1 1L1 0",
  P: "M0 1L0 0L.55 0Q1 0 1 .27Q1 .55 .55 .55L0 .55",
  R: "M0 1L0 0L.55 0Q1 0 1 .26Q1 .52 .55 .52L0 .52M.52 .52L1 1",
  S: "M.95 .25Q.9 0 .5 0Q.05 0 .05 .26Q.05 .42 .5 .5Q1 .58 1 .74Q1 1 .5 1Q.05 1 0 .73",
  T: "M0 0L1 0M.5 0L.5 1",
  U: "M0 0L0 .64Q0 1 .5 1Q1 1 1 .64L1 0",
  V: "M0 0L.5 1L1 0",
  W: "M0 0L.25 1L.5 0L.75 1L1 0",
  X: "M0 0L1 1M1 0L0 1",
  Y: "M0 0L.5 .57L1 0M.5 .57L.5 1",
  Z: "M0 0L1 0L0 1L1 1",
  "0": "M.5 0Q0 0 0 .5Q0 1 .5 1Q1 1 1 .5Q1 0 .5 0",
  "1": "M0 .25L1 0L1 1",
  "2": "M.03 .28Q.05 0 .5 0Q.97 0 .97 .28Q.97 .45 .6 .68L0 1L1 1",
  "3": "M.03 .24Q.1 0 .5 0Q.95 0 .95 .25Q.95 .48 .45 .48M.45 .48Q1 .48 1 .74Q1 1 .5 1Q.05 1 0 .76",
  "4": "M.77 1L.77 0L0 .74L1 .74",
  "5": "M.92 0L.15 0L.08 .5Q.2 .36 .5 .36Q1 .36 1 .68Q1 1 .48 1Q.05 1 0 .78",
  "6": "M.93 .22Q.87 0 .52 0Q0 0 0 .55Q0 1 .5 1Q1 1 1 .69Q1 .38 .5 .38Q.1 .38 0 .65",
  "7": "M0 0L1 0L.3 1",
  "8": "M.5 0Q.05 0 .05 .24Q.05 .48 .5 .48Q.95 .48 .95 .24Q.95 0 .5 0M.5 .48Q0 .48 0 .74Q0 1 .5 1Q1 1 1 .74Q1 .48 .5 .48",
  "9": "M.07 .78Q.13 1 .48 1Q1 1 1 .45Q1 0 .5 0Q0 0 0 .31Q0 .62 .5 .62Q.9 .62 1 .35",
};

/** For a character that is not known: only what stands or lies. */
const UNKNOWN = "M0 0L0 1M1 0L1 1M0 0L1 0M0 .5L1 .5M0 1L1 1M.5 0L.5 1";

const ROUND_ABOVE = new Set("CGS023689");
const ROUND_BELOW = new Set("CGJSU035689");

/** The strokes of a character; of one that is not known, a generic upright frame. */
export function strokesOf(character: string | undefined): Stroke[] {
  return strokes(PATHS[character ?? ""] ?? UNKNOWN);
}

/** How many of its ends (0 to 2) are round, which most fonts draw a little beyond the lines. */
export function roundEnds(character: string | undefined): { above: number; below: number } {
  return { above: Number(ROUND_ABOVE.has(character ?? "")), below: Number(ROUND_BELOW.has(character ?? "")) };
}

export function isKnown(character: string | undefined): boolean {
  return (character ?? "") in PATHS;
}

/** `M` moves, `L` draws a line, `Q` a curve by its corner and its end. */
function strokes(path: string): Stroke[] {
  const made: Stroke[] = [];
  let [x, y] = [0, 0];
  for (const [, verb, words] of path.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const numbers = words!.trim().split(/\s+/).map(Number);
    const [endX, endY] = [numbers.at(-2)!, numbers.at(-1)!];
    if (verb === "L") made.push({ x1: x, y1: y, x2: endX, y2: endY });
    if (verb === "Q") {
      let [fromX, fromY] = [x, y];
      for (let piece = 1; piece <= PIECES; piece++) {
        const t = piece / PIECES;
        const toX = (1 - t) ** 2 * x + 2 * t * (1 - t) * numbers[0]! + t * t * endX;
        const toY = (1 - t) ** 2 * y + 2 * t * (1 - t) * numbers[1]! + t * t * endY;
        made.push({ x1: fromX, y1: fromY, x2: toX, y2: toY });
        [fromX, fromY] = [toX, toY];
      }
    }
    [x, y] = [endX, endY];
  }
  return made;
}
