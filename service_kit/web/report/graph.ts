/** Where the points of a graph of mileages lie. */

import type { Fall, Point } from "./presented";

export const WIDE = 320;
export const HIGH = 160;
// Beside it stand the kilometres, under it the years.
export const [LEFT, RIGHT, TOP, BOTTOM] = [64, 12, 12, 24];

export interface Spot {
  x: number;
  y: number;
}

export interface Line extends Spot {
  to: Spot;
  /** The mileage was rolled back between the two. */
  falls: boolean;
}

export interface Graph {
  spots: readonly Spot[];
  lines: readonly Line[];
  /** Each with what stands beside it. */
  years: readonly { x: number; year: number }[];
  heights: readonly { y: number; km: number }[];
}

export function graphOf(points: readonly Point[], falls: readonly Fall[] = []): Graph {
  const read = points.filter(({ year, km }) => Number.isFinite(year) && Number.isFinite(km));
  const inOrder = read.sort((one, other) => one.year - other.year);
  const first = Math.floor(inOrder[0]?.year ?? 0);
  const last = Math.max(first + 1, Math.ceil(inOrder.at(-1)?.year ?? 0));
  const top = roundUp(Math.max(1, ...inOrder.map(({ km }) => km)));
  const x = (year: number): number => LEFT + ((year - first) / (last - first)) * (WIDE - LEFT - RIGHT);
  const y = (km: number): number => HIGH - BOTTOM - (km / top) * (HIGH - TOP - BOTTOM);
  const spot = ({ year, km }: Point): Spot => ({ x: x(year), y: y(km) });
  const spots = inOrder.map(spot);
  const line = (from: Point | undefined, to: Point | undefined, falls: boolean): Line[] => (from && to ? [{ ...spot(from), to: spot(to), falls }] : []);
  const fallen = falls.map(([from, to]) => [points[from], points[to]] as const);
  const falling = new Map(fallen);
  const lines = inOrder.slice(1).flatMap((to, place) => (falling.get(inOrder[place]) === to ? [] : line(inOrder[place], to, false)));
  lines.push(...fallen.flatMap(([from, to]) => line(from, to, true)));
  return {
    spots,
    lines,
    years: ticks(first, last).map((year) => ({ x: x(year), year })),
    heights: [0, top / 2, top].map((km) => ({ y: y(km), km })),
  };
}

/** 1, 2 or 5 and zeros, so that the marks are easily read. */
function roundUp(km: number): number {
  const power = 10 ** Math.floor(Math.log10(km));
  return ([1, 2, 5, 10].find((step) => step * power >= km) ?? 10) * power;
}

/** At most five years, of which the first and the last are two. */
function ticks(first: number, last: number): number[] {
  const step = Math.ceil((last - first) / 4);
  const years = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, place) => first + place * step);
  return years.at(-1) === last ? years : [...years.slice(0, last - (years.at(-1) ?? 0) <= step / 2 ? -1 : undefined), last];
}
