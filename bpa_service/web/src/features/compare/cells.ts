/** Characters cut out under accepted grids. */

import type { Pixels } from "../viewer/develop";
import { sizeOf, type Grid } from "./grid";
import type { Laid } from "./laid.svelte";
import { frontal, ROOM, type Part } from "./rectify";

/** A character as it lies in its cell. */
export function cell(of: Laid, at: number, width: number, height: number): Pixels {
  return cutOut(of, at, width / height, height);
}

/** Two characters as large as each other: by the height of their rows, so that neither is stretched. */
export function pairOf(one: Laid, at: number, other: Laid, otherAt: number, height: number): [Pixels, Pixels] {
  const wide = Math.max(shapeOf(one.grid, at), shapeOf(other.grid, otherAt));
  return [cutOut(one, at, wide, height), cutOut(other, otherAt, wide, height)];
}

/** The whole number from the front. */
export function strip({ cut, grid }: Laid, width: number, height: number): Pixels {
  if (!cut || !grid) return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  return frontal(cut.pixels, grid.corners, { from: 0, to: 1, above: -ROOM, below: 1 + ROOM }, width, height);
}

/** `wide` is in parts of the height. */
function cutOut({ cut, grid }: Laid, at: number, wide: number, height: number): Pixels {
  const width = Math.max(1, Math.round(wide * height));
  if (!cut || !grid) return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  return frontal(cut.pixels, grid.corners, about(grid, at, wide), width, height);
}

/** The part of the grid that lies about the middle of a cell. */
function about({ corners, cuts }: Grid, at: number, wide: number): Part {
  const { width, height } = sizeOf(corners);
  const middle = ((cuts[at] ?? 0) + (cuts[at + 1] ?? 1)) / 2;
  const half = (wide * height * (1 + 2 * ROOM)) / width / 2;
  return { from: middle - half, to: middle + half, above: -ROOM, below: 1 + ROOM };
}

/** How many times wider than high a cell is, with what is shown around it. */
function shapeOf(grid: Grid | undefined, at: number): number {
  if (!grid) return 1;
  const { width, height } = sizeOf(grid.corners);
  const share = (grid.cuts[at + 1] ?? 1) - (grid.cuts[at] ?? 0);
  return (share * width) / height;
}
