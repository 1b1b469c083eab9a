/** Lays the look of a character's like over it, to small parts of a pixel: Gauss-Newton over place, size and turn. */

import { dot, levelled } from "./light";
import { solved } from "./linear";
import type { Frame, Raster } from "./raster";
import { ACROSS, CELLS, changes, COLUMNS, DOWN } from "./typeface";

/** How a character lies in the frame in which its row is level. */
export interface Lying {
  /** The middle, in pixels. */
  x: number;
  y: number;
  /** How many pixels make one height of the typeface, downwards and along the row. */
  tall: number;
  wide: number;
  /** How far it is turned, in radians, clockwise positive. */
  turn: number;
  /** How far its upright strokes lean beyond that, in radians, heads to the right positive: a camera aslant does that. */
  lean: number;
}

/** What may change: the others are kept. */
export interface Free {
  /** How it would lie if it followed its row... */
  likely: Lying;
  /** ...and how far it may be off that in place, size and turn, in heights and radians, as a standard deviation. */
  off: number;
  lean: boolean;
  /** How many pixels along the row a height of the typeface should be, if `tall` is 1. */
  narrow: number;
}

/** By how much a character is narrower or wider than others of its row, as a standard deviation of the logarithm. */
const NARROWER = 0.1;
/** So far strokes lean at most likely, in radians, and so much stronger or fainter a character is. */
const LEANING = 0.3;
const STRONGER = 0.3;
/** Neighbouring cells of a picture say nearly the same. */
const ALIKE = 6;
const SETTLED = 2e-4;

/** The picture's levels in the cells of a character that lies so. */
export function levelsAt(picture: Raster, frame: Frame, { x, y, tall, wide, turn, lean }: Lying): Float32Array {
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const { width, height, data } = picture;
  // From the typeface to the frame is linear, and on to the picture too: three points say all of it.
  const [zeroX, zeroY] = frame.back(x, y);
  const [rightX, rightY] = frame.back(x + cosine * wide, y + sine * wide);
  const [downX, downY] = frame.back(x - (lean * cosine + sine) * tall, y + (cosine - lean * sine) * tall);
  const made = new Float32Array(CELLS);
  for (let at = 0; at < CELLS; at++) {
    const [u, v] = [ACROSS[at]!, DOWN[at]!];
    const column = Math.min(width - 1.001, Math.max(0, zeroX + (rightX - zeroX) * u + (downX - zeroX) * v));
    const row = Math.min(height - 1.001, Math.max(0, zeroY + (rightY - zeroY) * u + (downY - zeroY) * v));
    const [left, top] = [Math.floor(column), Math.floor(row)];
    const [across, below] = [column - left, row - top];
    const from = top * width + left;
    const upper = data[from]! + (data[from + 1]! - data[from]!) * across;
    const lower = data[from + width]! + (data[from + width + 1]! - data[from + width]!) * across;
    made[at] = upper + (lower - upper) * below;
  }
  return made;
}

/** Which cells are the character's own (1) and not its neighbours' (0), at this pitch in pixels. */
export function ownCells({ wide }: Lying, pitch: number): Float32Array {
  const half = Math.max((0.5 * pitch) / wide, ACROSS[COLUMNS >> 1]! + 0.1);
  return ACROSS.map((across) => Number(Math.abs(across) <= half));
}

/** How well a look lies over what is seen, whatever the strength: the part of it that the look explains, 0 to 1. */
export function explained(levels: Float32Array, look: Float32Array, own: Float32Array): number {
  const [seen, flat] = [levelled(levels, own), levelled(look, own)];
  const both = dot(seen, flat);
  return both <= 0 ? 0 : (both * both) / (dot(seen, seen) * dot(flat, flat) || 1);
}

/** The look laid over the picture from where it seemed to lie, in at most so many rounds. */
export function laid(
  picture: Raster,
  frame: Frame,
  look: Float32Array,
  seemed: Lying,
  pitch: number,
  free: Free,
  rounds: number,
): Lying {
  const own = ownCells(seemed, pitch);
  const { right, down } = changes(look);
  const ratio = seemed.tall / seemed.wide;
  // How the look changes with each number, less what a plane of light could do; what it costs is worked out once.
  const moves = [
    right,
    down,
    down.map((value, at) => value * DOWN[at]!),
    right.map((value, at) => value * ACROSS[at]!),
    right.map((value, at) => (down[at]! * ACROSS[at]!) / ratio - value * DOWN[at]! * ratio),
    look.map((value) => -value),
    ...(free.lean ? [right.map((value, at) => -value * DOWN[at]! * ratio)] : []),
  ].map((move) => levelled(move, own));
  const normal = moves.map(() => new Array<number>(moves.length).fill(0));
  for (let one = 0; one < moves.length; one++) {
    for (let other = 0; other <= one; other++) normal[one]![other] = normal[other]![one] = dot(moves[one]!, moves[other]!);
  }
  let lying = seemed;
  for (let round = 0; round < rounds; round++) {
    const off = levelled(levelsAt(picture, frame, lying), own);
    for (let at = 0; at < CELLS; at++) off[at]! += moves[5]![at]!;
    const noise = (dot(off, off) / CELLS) * ALIKE;
    // What a look says little about is left where the row lets expect it.
    const [follow, narrow] = [noise / free.off ** 2, noise / NARROWER ** 2];
    const priors = [follow, follow, follow, narrow, follow, noise / STRONGER ** 2, noise / LEANING ** 2];
    const system = normal.map((row, at) => row.map((value, column) => (at === column ? value + priors[at]! + 1e-9 : value)));
    const wanted = moves.map((move) => -dot(move, off));
    const away = offFrom(free.likely, lying);
    wanted[0]! -= follow * away.x;
    wanted[1]! -= follow * away.y;
    wanted[2]! -= follow * away.tall;
    wanted[3]! += narrow * Math.log((free.narrow * lying.tall) / lying.wide);
    wanted[4]! -= follow * away.turn;
    const [x, y, tall, wide, turn, , lean] = solved(system, wanted).map((value) => Math.max(-0.06, Math.min(0.06, value)));
    lying = {
      x: lying.x + x! * lying.wide,
      y: lying.y + y! * lying.tall,
      tall: lying.tall * Math.exp(tall!),
      wide: lying.wide * Math.exp(wide!),
      turn: lying.turn + turn!,
      lean: lying.lean + (lean ?? 0),
    };
    if (Math.max(Math.abs(x!), Math.abs(y!), Math.abs(tall!), Math.abs(turn!)) < SETTLED) break;
  }
  return lying;
}

/** By what a character is off where its row lets expect it: in heights, parts of the height and radians. */
export function offFrom(likely: Lying, lying: Lying): Pick<Lying, "x" | "y" | "tall" | "turn"> {
  return {
    x: (lying.x - likely.x) / lying.wide,
    y: (lying.y - likely.y) / lying.tall,
    tall: Math.log(lying.tall / likely.tall),
    turn: lying.turn - likely.turn,
  };
}

/** How likely it is that a character lies so, as a logarithm: by what its look explains there, and by its row. */
export function likelihood(fit: number, lying: Lying, { likely, off }: Free): number {
  const { x, y, tall, turn } = offFrom(likely, lying);
  const told = (-CELLS / ALIKE / 2) * Math.log(Math.max(1e-3, 1 - fit));
  return told - (x * x + y * y + tall * tall + turn * turn) / (2 * off * off);
}
