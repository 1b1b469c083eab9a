/** Light: how bright the part is that shows something, and what of it is blown out. */

import type { Luma } from "./luma";
import { TILE, tilesOf } from "./sharpness";

/** As bright as the sensor can tell. */
export const BLOWN = 250;
/** The part of the tiles that shows most. */
const TELLING = 0.25;
const BRIGHT_END = 0.95;

export interface Exposure {
  /** The bright end (95th percentile) of the tiles that show most: a dark wall around a lit number is no fault. */
  light: number;
  /** Which part of the whole picture is blown out. */
  blown: number;
  /** Which part of the picture is the largest blown-out spot that is surrounded by something to see. */
  spot: number;
}

/** `detail` is what `sharpness` says of every tile. */
export function exposure(luma: Luma, detail: Float32Array): Exposure {
  const { width, height, data } = luma;
  const [columns, rows] = [tilesOf(width), tilesOf(height)];
  const telling = tellingTiles(detail);
  const histogram = new Uint32Array(256);
  let seen = 0;
  let blown = 0;
  for (let row = 0; row < rows * TILE && row < height; row++) {
    const tileRow = Math.floor(row / TILE) * columns;
    for (let column = 0; column < columns * TILE && column < width; column++) {
      const value = data[row * width + column]!;
      if (value >= BLOWN) blown += 1;
      if (telling[tileRow + Math.floor(column / TILE)]) {
        histogram[value]! += 1;
        seen += 1;
      }
    }
  }
  const light = level(histogram, seen, BRIGHT_END);
  return { light, blown: blown / (width * height), spot: spot(luma) };
}

function tellingTiles(detail: Float32Array): Uint8Array {
  const sorted = Float32Array.from(detail).sort();
  const least = sorted[Math.floor(sorted.length * (1 - TELLING))] ?? 0;
  return Uint8Array.from(detail, (value) => (value >= least ? 1 : 0));
}

function level(histogram: Uint32Array, count: number, share: number): number {
  let below = 0;
  for (const [value, times] of histogram.entries()) {
    below += times;
    if (below >= count * share) return value;
  }
  return 255;
}

/** The side of the squares in which spots are looked for. */
const CELL = 8;

/** The largest connected area of blown-out cells that does not reach the edge of the picture: a sky does. */
function spot({ width, height, data }: Luma): number {
  const [columns, rows] = [Math.floor(width / CELL), Math.floor(height / CELL)];
  const cells = new Uint8Array(columns * rows);
  for (let cell = 0; cell < cells.length; cell++) {
    const first = Math.floor(cell / columns) * CELL * width + (cell % columns) * CELL;
    let bright = 0;
    for (let row = 0; row < CELL; row++) {
      for (let column = 0; column < CELL; column++) if (data[first + row * width + column]! >= BLOWN) bright += 1;
    }
    cells[cell] = bright * 2 > CELL * CELL ? 1 : 0;
  }
  let largest = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell]) largest = Math.max(largest, fill(cells, columns, rows, cell));
  }
  return largest / cells.length;
}

/** Takes a connected area out of `cells`; returns its size, or 0 if it reaches the edge. */
function fill(cells: Uint8Array, columns: number, rows: number, start: number): number {
  const waiting = [start];
  cells[start] = 0;
  let size = 0;
  let reachesEdge = false;
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    size += 1;
    const column = cell % columns;
    const row = (cell - column) / columns;
    if (column === 0 || row === 0 || column === columns - 1 || row === rows - 1) {
      reachesEdge = true;
      continue;
    }
    for (const next of [cell - 1, cell + 1, cell - columns, cell + columns]) {
      if (!cells[next]) continue;
      cells[next] = 0;
      waiting.push(next);
    }
  }
  return reachesEdge ? 0 : size;
}
