/** By what angle a character is turned: the sides of its strokes against the way the strokes of its like run. */

import { strokesOf, type Stroke } from "./letters";
import type { Span } from "./segment";

/** A pixel at the side of a stroke: where it lies, and the direction of the side in radians, known up to half a turn. */
export interface Edge {
  x: number;
  y: number;
  along: number;
  weight: number;
}

/** In pixels of the frame in which the row lies level. */
export interface Extent {
  across: Span;
  down: Span;
}

/** The middle of a stroke lies this far within the outermost edge, in heights. */
const INSET = 0.075;
/** Its sides lie so far from its middle, and more or less by so much, in heights. */
const BESIDE = 0.05;
const NEAR = 0.05;
/** By how much, in radians, a side may differ from its stroke. */
const ALIKE = 0.12;
/** Steps of the search, in radians: it goes three to each side, then on around the best. */
const STEPS = [0.06, 0.02, 0.008];
/** What a turn by the furthest costs against a perfect fit: what tells nothing is taken to stand straight. */
const PRIOR = 0.02;
const FURTHEST = 0.2;

/** The angle in radians, clockwise positive; 0 where nothing tells. */
export function tiltOf(edges: Edge[], { across, down }: Extent, character: string | undefined): number {
  const tall = down.to - down.from;
  const [left, top] = [across.from + INSET * tall, down.from + INSET * tall];
  const [wide, high] = [Math.max(across.to - INSET * tall - left, tall * 0.05), down.to - INSET * tall - top];
  const placed = strokesOf(character).map(({ x1, y1, x2, y2 }) => ({
    x1: left + x1 * wide,
    y1: top + y1 * high,
    x2: left + x2 * wide,
    y2: top + y2 * high,
  }));
  const middle: [number, number] = [(across.from + across.to) / 2, (down.from + down.to) / 2];
  const score = (angle: number): number => fit(edges, placed, middle, angle, tall) - PRIOR * (angle / FURTHEST) ** 2;
  let best = 0;
  for (const step of STEPS) {
    const tried = [-3, -2, -1, 0, 1, 2, 3].map((at) => best + at * step);
    const scores = tried.map(score);
    const most = scores.indexOf(Math.max(...scores));
    best = tried[most]!;
    const [before, here, after] = [scores[most - 1], scores[most]!, scores[most + 1]];
    if (step === STEPS.at(-1) && before !== undefined && after !== undefined && before + after < 2 * here) {
      best += (step * (before - after)) / (2 * (before + after - 2 * here));
    }
  }
  return best;
}

/** How well the edges lie along the strokes when these are turned: 0 to 1. */
function fit(edges: Edge[], placed: Stroke[], [x, y]: [number, number], angle: number, tall: number): number {
  const strokes = placed.map((stroke) => turnedAround(stroke, x, y, angle));
  const directions = strokes.map(({ x1, y1, x2, y2 }) => Math.atan2(y2 - y1, x2 - x1));
  let [sum, weights] = [0, 0];
  for (const { x, y, along, weight } of edges) {
    let best = 0;
    for (let at = 0; at < strokes.length; at++) {
      const off = (distance(x, y, strokes[at]!) / tall - BESIDE) / NEAR;
      if (off > 3) continue;
      const against = halfTurn(along - directions[at]!) / ALIKE;
      best = Math.max(best, Math.exp(-(off * off + against * against) / 2));
    }
    sum += best * weight;
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

function turnedAround({ x1, y1, x2, y2 }: Stroke, x: number, y: number, angle: number): Stroke {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [ax, ay, bx, by] = [x1 - x, y1 - y, x2 - x, y2 - y];
  return {
    x1: x + ax * cosine - ay * sine,
    y1: y + ax * sine + ay * cosine,
    x2: x + bx * cosine - by * sine,
    y2: y + bx * sine + by * cosine,
  };
}

function distance(x: number, y: number, { x1, y1, x2, y2 }: Stroke): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const part = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
  return Math.hypot(x - x1 - part * dx, y - y1 - part * dy);
}

/** The same direction between -90 and 90 degrees, in radians. */
function halfTurn(angle: number): number {
  return angle - Math.PI * Math.round(angle / Math.PI);
}
