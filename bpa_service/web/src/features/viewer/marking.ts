/** The frame that an expert draws on a photo, in parts of what is seen: by pointer, or by keys alone. */

import type { Region } from "../../api/client";

export const START: Region = { x: 0.35, y: 0.4, width: 0.3, height: 0.2 };
const STEP = 0.02;
const SMALLEST = 0.02;
const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** What becomes of the frame by a key: the arrows move it, with Shift they size it. Others leave it. */
export function byKey(frame: Region, key: string, shift: boolean): Region {
  const [dx, dy] = MOVES[key] ?? [0, 0];
  return shift
    ? within({ ...frame, width: frame.width + dx, height: frame.height + dy })
    : { ...frame, x: clamp(frame.x + dx, 0, 1 - frame.width), y: clamp(frame.y + dy, 0, 1 - frame.height) };
}

/** The frame between two corners. */
export function between(one: { x: number; y: number }, other: { x: number; y: number }): Region {
  const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)].map((x) => clamp(x, 0, 1)) as [number, number];
  const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)].map((y) => clamp(y, 0, 1)) as [number, number];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The frame with as much beside it as is good to see. */
export function around({ x, y, width, height }: Region): Region {
  const [beside, above] = [width * 0.08, height];
  return between({ x: x - beside, y: y - above }, { x: x + width + beside, y: y + height + above });
}

/** Whether it is a frame and not a slip of the hand. */
export function isLargeEnough(frame: Region): boolean {
  return frame.width >= 0.005 && frame.height >= 0.005;
}

function within(frame: Region): Region {
  return {
    ...frame,
    width: clamp(frame.width, SMALLEST, 1 - frame.x),
    height: clamp(frame.height, SMALLEST, 1 - frame.y),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
