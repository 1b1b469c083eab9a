/**
 * How sharp a picture is, in each direction by itself.
 *
 * The second derivative of brightness is taken over a short and over a long distance. At a sharp edge the short one
 * is nearly as strong as the long one, at a soft edge a small part of it, whatever the contrast: so what counts is
 * their ratio. A phone that moved blurs the edges across its way and spares those along it, which a Laplacian, blind
 * to direction, averages away.
 *
 * Only the sharpest tenth counts, by contrast: a sky, a wall and a background out of focus are no faults, and neither
 * is the soft grain of paint around a number.
 */

import { smoothed, type Luma } from "./luma";

/** Small enough that a tile has the edges of one stroke, and not of a whole letter, whose directions mix. */
export const TILE = 16;
const SHARPEST = 0.1;
const FLATTEST = 0.1;
/** A tile whose variance over the long distance is below this has no edges to judge by. */
const FAINTEST = 600;
/** Fewer tiles than this say nothing about a direction. */
const FEWEST_TILES = 16;

interface Direction {
  /** The short distance. */
  x: number;
  y: number;
  /** How many times as long the long one is. */
  far: number;
  /** The ratio at edges of a sharp picture, against that of the horizontal: distances in pixels are never the same. */
  usual: number;
}

/** Every 22.5 degrees; four further on is the one at right angles. */
const DIRECTIONS: readonly Direction[] = [
  { x: 1, y: 0, far: 4, usual: 1 },
  { x: 2, y: 1, far: 2, usual: 2.74 },
  { x: 1, y: 1, far: 3, usual: 1.44 },
  { x: 1, y: 2, far: 2, usual: 2.74 },
  { x: 0, y: 1, far: 4, usual: 1 },
  { x: -1, y: 2, far: 2, usual: 2.74 },
  { x: -1, y: 1, far: 3, usual: 1.44 },
  { x: -2, y: 1, far: 2, usual: 2.74 },
];
const QUARTER = DIRECTIONS.length / 2;
/** No distance leads further. */
const MARGIN = 4;

export interface Sharpness {
  /** The ratio in the softest direction; null where nothing tells. */
  softest: number | null;
  /** The softer of two directions at right angles against the sharper, where they differ most. */
  evenness: number | null;
  /** The ratio in the sharpest direction. */
  sharpest: number | null;
  /** Of every tile, row by row, how much there is to see. */
  detail: Float32Array;
}

export function sharpness(luma: Luma): Sharpness {
  const pixels = smoothed(luma);
  const detail = new Float32Array(tilesOf(luma.width) * tilesOf(luma.height));
  const ratios = DIRECTIONS.map((direction) => {
    const { near, far } = variances(pixels, luma, direction);
    for (let tile = 0; tile < far.length; tile++) detail[tile] = Math.max(detail[tile]!, far[tile]!);
    const ratio = sharpestRatio(near, far);
    return ratio === null ? null : ratio / direction.usual;
  });
  const pairs = ratios.slice(0, QUARTER).map((one, place) => even(one, ratios[place + QUARTER] ?? null));
  return { softest: least(ratios), evenness: least(pairs), sharpest: greatest(ratios), detail };
}

export function tilesOf(length: number): number {
  return Math.max(1, Math.floor(length / TILE));
}

function even(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return null;
  return Math.min(one, other) / Math.max(one, other, Number.EPSILON);
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length ? Math.min(...known) : null;
}

function greatest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length ? Math.max(...known) : null;
}

/** What the ratio is at least, where it is highest, over a tenth of all contrast. */
function sharpestRatio(near: Float32Array, far: Float32Array): number | null {
  // The flattest tiles show what noise alone makes of it.
  const noise = near.slice().sort()[Math.floor(near.length * FLATTEST)] ?? 0;
  const edges: { ratio: number; contrast: number }[] = [];
  for (let tile = 0; tile < far.length; tile++) {
    const variance = far[tile]!;
    if (variance <= FAINTEST + 4 * noise) continue;
    edges.push({ ratio: Math.sqrt(Math.max(0, near[tile]! - noise) / variance), contrast: Math.sqrt(variance) });
  }
  if (edges.length < FEWEST_TILES) return null;
  edges.sort((one, other) => other.ratio - one.ratio);
  let left = SHARPEST * edges.reduce((sum, { contrast }) => sum + contrast, 0);
  return edges.find(({ contrast }) => (left -= contrast) <= 0)?.ratio ?? null;
}

/** The variance of the second derivative in every tile, over both distances. */
function variances(
  pixels: Int16Array,
  { width, height }: Luma,
  { x, y, far: times }: Direction,
): { near: Float32Array; far: Float32Array } {
  const [columns, rows] = [tilesOf(width), tilesOf(height)];
  const near = new Float32Array(columns * rows);
  const far = new Float32Array(columns * rows);
  const short = y * width + x;
  const long = short * times;
  for (let tile = 0; tile < near.length; tile++) {
    const column = tile % columns;
    const row = (tile - column) / columns;
    const [left, right] = [Math.max(MARGIN, column * TILE), Math.min(width - MARGIN, (column + 1) * TILE)];
    const [top, bottom] = [Math.max(MARGIN, row * TILE), Math.min(height - MARGIN, (row + 1) * TILE)];
    let [count, nearSum, nearSquares, farSum, farSquares] = [0, 0, 0, 0, 0];
    // A quarter of the pixels, the rows shifted against each other, tells the same as all of them.
    for (let line = top; line < bottom; line += 2) {
      const end = line * width + right;
      for (let at = line * width + left + ((line >> 1) & 1); at < end; at += 2) {
        const twice = 2 * pixels[at]!;
        const nearBend = pixels[at - short]! + pixels[at + short]! - twice;
        const farBend = pixels[at - long]! + pixels[at + long]! - twice;
        nearSum += nearBend;
        nearSquares += nearBend * nearBend;
        farSum += farBend;
        farSquares += farBend * farBend;
        count += 1;
      }
    }
    if (count === 0) continue;
    near[tile] = nearSquares / count - (nearSum / count) ** 2;
    far[tile] = farSquares / count - (farSum / count) ** 2;
  }
  return { near, far };
}
