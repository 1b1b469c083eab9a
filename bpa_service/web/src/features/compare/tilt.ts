/** How a character lies: the sides of its strokes against the way the strokes of its like run. */

import { isKnown, strokesOf, type Stroke } from "./letters";
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
const BESIDE = 0.06;
const NEAR = 0.07;
/** By how much, in radians, a side may differ from its stroke. */
const ALIKE = 0.3;
/** Beyond this many squared deviations an edge is of something else. */
const FURTHEST = 9;
/** Steps of the search, in heights and radians, and how often each number of the pose has its turn at each. */
const STEPS = [0.06, 0.025, 0.01];
const ROUNDS = 4;
/** What it costs to be as far from where it was looked for as is likely, against a perfect fit. */
const PRIOR = 0.004;
const LIKELY = [0.02, 0.02, 0.02, 0.02, 0.1];

/**
 * The angle in radians, clockwise positive, at which the strokes of the character lie best along the edges; its bounds
 * may move a little for that. Where nobody knows which character it is, only what stands or lies in it tells.
 */
export function tiltOf(edges: Edge[], { across, down }: Extent, character: string | undefined): number {
  const tall = down.to - down.from;
  const strokes = strokesOf(character);
  // The middle and the size in heights of what was found, then the tilt in radians: all of about the same scale.
  let pose = [
    (across.from + across.to) / 2 / tall,
    (down.from + down.to) / 2 / tall,
    Math.max((across.to - across.from) / tall, 0.2),
    1,
    0,
  ];
  const start = pose;
  const free = isKnown(character) ? [4, 0, 1, 3, 2] : [4];
  const score = (tried: number[]): number =>
    fit(edges, placed(strokes, tried, tall), tall) -
    PRIOR * tried.reduce((sum, value, at) => sum + ((value - start[at]!) / LIKELY[at]!) ** 2, 0);
  let best = score(pose);
  for (const step of STEPS) {
    for (let round = 0; round < ROUNDS; round++) {
      const before = best;
      for (const at of free) {
        const [less, more] = [-step, step].map((by) => changed(pose, at, pose[at]! + by)) as [number[], number[]];
        const [ofLess, ofMore] = [score(less), score(more)];
        // The top of the parabola through the three, if there is one; else a step to the better side.
        const curve = ofLess + ofMore - 2 * best;
        const by = curve < 0 ? Math.max(-2, Math.min(2, (ofLess - ofMore) / (2 * curve))) : ofMore > ofLess ? 1 : -1;
        const tried = changed(pose, at, pose[at]! + by * step);
        const reached = score(tried);
        if (reached > best) [pose, best] = [tried, reached];
      }
      if (best - before < 1e-5) break;
    }
  }
  return pose[4]!;
}

function placed(strokes: Stroke[], [x, y, wide, high, tilt]: number[], tall: number): Stroke[] {
  const [middleX, middleY] = [x! * tall, y! * tall];
  const [width, height] = [(wide! - 2 * INSET) * tall, (high! - 2 * INSET) * tall];
  return strokes.map(({ x1, y1, x2, y2 }) => {
    const upright = {
      x1: middleX + (x1 - 0.5) * width,
      y1: middleY + (y1 - 0.5) * height,
      x2: middleX + (x2 - 0.5) * width,
      y2: middleY + (y2 - 0.5) * height,
    };
    return turnedAround(upright, middleX, middleY, tilt!);
  });
}

/** How well the edges lie along the strokes: 0 to 1. */
function fit(edges: Edge[], strokes: Stroke[], tall: number): number {
  const directions = strokes.map(({ x1, y1, x2, y2 }) => Math.atan2(y2 - y1, x2 - x1));
  let [sum, weights] = [0, 0];
  for (const { x, y, along, weight } of edges) {
    let least = FURTHEST;
    for (let at = 0; at < strokes.length; at++) {
      const off = (distance(x, y, strokes[at]!) / tall - BESIDE) / NEAR;
      if (off * off >= least) continue;
      const against = halfTurn(along - directions[at]!) / ALIKE;
      least = Math.min(least, off * off + against * against);
    }
    sum += Math.exp(-least / 2) * weight;
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

function changed(values: number[], at: number, value: number): number[] {
  return values.map((old, place) => (place === at ? value : old));
}
