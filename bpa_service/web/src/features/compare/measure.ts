/** Measures the bounds of each character of a row, to parts of a pixel. */

import { aligned, type Crossing } from "./align";
import { blurred, median, type Frame, type Raster, type Slopes } from "./raster";
import { length, type Extent, type Span } from "./segment";

/** How far around a character its edges are looked for, in heights. */
const AROUND = 0.22;
/** An edge lies where what rises to its side has risen by this share. */
const RISEN = 0.5;
/** The outermost side of a character lies within this part of its height. */
const SIDE = 0.16;
/** How far along a side its slopes are averaged, in heights. */
const ALONG = 0.05;

/** What rises to the side, and what rises downwards, in a frame of level rows. */
export interface Sides {
  upright: Raster;
  level: Raster;
}

/**
 * The sides of strokes in the frame. Slopes are averaged along the side that they would belong to while they still have
 * their sign, so that grain, which has either, goes and a side stays.
 */
export function sidesIn(frame: Frame, { right, down }: Slopes, tall: number): Sides {
  const [across, below] = [frame.turned(right), frame.turned(down)];
  const [cosine, sine] = [Math.cos(frame.angle), Math.sin(frame.angle)];
  const upright = { ...across, data: across.data.map((value, at) => value * cosine + below.data[at]! * sine) };
  const level = { ...below, data: below.data.map((value, at) => value * cosine - across.data[at]! * sine) };
  return { upright: blurred(upright, 0, ALONG * tall), level: blurred(level, ALONG * tall, 0) };
}

/** The bounds of the characters whose columns are given, one after the other. */
export function extents({ upright, level }: Sides, columns: Span[], rows: Span): Extent[] {
  const tall = length(rows);
  const near: Span = { from: rows.from - AROUND * tall, to: rows.to + AROUND * tall };
  const found = columns.map((own, place) => {
    const before = columns[place - 1];
    const after = columns[place + 1];
    const cell: Span = {
      from: Math.max(own.from - AROUND * tall, before ? (before.to + own.from) / 2 : 0),
      to: Math.min(own.to + AROUND * tall, after ? (own.to + after.from) / 2 : upright.width - 1),
    };
    const seemed = edgesOf(across(level, cell), rows, near, tall);
    // Columns are measured where this character stands, which in a row seen in perspective is not the whole band.
    const beside = edgesOf(along(upright, seemed), own, cell, tall);
    const [vertical, horizontal] = [across(level, beside), within(along(upright, seemed), cell)];
    return { beside, vertical, horizontal, down: edgesOf(vertical, seemed, near, tall) };
  });
  const [levels, sides] = [found.map(({ vertical }) => vertical), found.map(({ horizontal }) => horizontal)];
  const above = aligned(levels, evened(found.map(({ down }) => down.from)), -1, tall);
  const below = aligned(levels, evened(found.map(({ down }) => down.to)), 1, tall);
  const left = aligned(sides, found.map(({ beside }) => beside.from), -1, tall);
  const right = aligned(sides, found.map(({ beside }) => beside.to), 1, tall);
  return found.map((_, place) => ({
    across: { from: left[place]!, to: right[place]! },
    down: { from: above[place]!, to: below[place]! },
  }));
}

/** On a line along the row: where a side seems to be, it may be the wrong one of the two that a wall has. */
function evened(places: number[]): number[] {
  if (places.length < 5) return places;
  const rise = median(places.flatMap((place, at) => places.slice(at + 1).map((other, gap) => (other - place) / (gap + 1))));
  const start = median(places.map((place, at) => place - rise * at));
  return places.map((_, at) => start + rise * at);
}

function edgesOf(crossing: Crossing, about: Span, limits: Span, tall: number): Span {
  const steep = crossing.rising.map((value, at) => Math.max(value, crossing.falling[at]!));
  return { from: edge(steep, about.from, -1, limits.from, tall), to: edge(steep, about.to, 1, limits.to, tall) };
}

/** From the side of a character outwards, to where its outermost edge has half fallen off. */
function edge(profile: Float32Array, about: number, outwards: 1 | -1, limit: number, tall: number): number {
  const inside = Math.round(about - outwards * tall * SIDE);
  const outside = Math.round(outwards < 0 ? Math.max(0, limit) : Math.min(profile.length - 1, limit));
  const levels: number[] = [];
  for (let at = inside; (outside - at) * outwards >= 0; at += outwards) levels.push(profile[at] ?? 0);
  if (levels.length < 3) return about;
  const floor = Math.min(...levels);
  // Further out there may be grain, or a neighbour: the side is the steepest not far from where it seemed to be.
  const near = levels.slice(0, Math.round(tall * SIDE * 1.6) + 1);
  const peak = Math.max(...near);
  const half = floor + (peak - floor) * RISEN;
  const steepest = near.reduce((last, level, at) => (level > floor + (peak - floor) * 0.75 ? at : last), 0);
  for (let step = steepest; step < levels.length - 1; step++) {
    const [inner, outer] = [levels[step]!, levels[step + 1]!];
    if (inner >= half && outer < half) return inside + outwards * (step + (inner - half) / (inner - outer));
  }
  return about;
}

/** The steepest of either sign in each row of these columns. */
function across(sides: Raster, columns: Span): Crossing {
  const made = { rising: new Float32Array(sides.height), falling: new Float32Array(sides.height) };
  const [first, last] = [Math.max(0, Math.floor(columns.from)), Math.min(sides.width - 1, Math.ceil(columns.to))];
  for (let y = 0; y < sides.height; y++) {
    for (let x = first; x <= last; x++) steepest(made, y, sides.data[y * sides.width + x]!);
  }
  return made;
}

/** The same in each column of these rows. */
function along(sides: Raster, rows: Span): Crossing {
  const made = { rising: new Float32Array(sides.width), falling: new Float32Array(sides.width) };
  const [first, last] = [Math.max(0, Math.floor(rows.from)), Math.min(sides.height - 1, Math.ceil(rows.to))];
  for (let y = first; y <= last; y++) {
    for (let x = 0; x < sides.width; x++) steepest(made, x, sides.data[y * sides.width + x]!);
  }
  return made;
}

function steepest({ rising, falling }: Crossing, at: number, value: number): void {
  rising[at] = Math.max(rising[at]!, value);
  falling[at] = Math.max(falling[at]!, -value);
}

/** Without what belongs to the neighbours. */
function within({ rising, falling }: Crossing, { from, to }: Span): Crossing {
  const own = (value: number, at: number): number => (at >= from && at <= to ? value : 0);
  return { rising: rising.map(own), falling: falling.map(own) };
}
