/** Where the grid might lie: a proposal, which a person moves and accepts. */

import { evenGrid, isConvex, type Corners, type Grid, type Point } from "./grid";
import { median, type Picture } from "./raster";
import { rowIn, type Box } from "./row";
import type { Extent } from "./segment";

/** The grid of as many characters as the text has in a box of the picture; even cells where no row of them is found. */
export function proposed(picture: Picture, box: Box, text: string): Grid {
  const whole = inside(box, picture);
  const count = [...text].length;
  const even = evenGrid(whole, count);
  if (whole.width < 16 || whole.height < 16) return even;
  const { frame, bounds } = rowIn(cut(picture, whole), text);
  if (bounds.length !== count || count < 2) return even;
  const between = bounds.slice(1).map(({ across }, at) => (bounds[at]!.across.to + across.from) / 2);
  const [first, last] = [bounds[0]!, bounds.at(-1)!];
  const gap = median(bounds.slice(1).map(({ across }, at) => across.from - bounds[at]!.across.to)) / 2;
  const places = [first.across.from - gap, ...between, last.across.to + gap];
  const [left, right] = [places[0]!, places.at(-1)!];
  const [above, below] = [line(bounds, ({ down }) => down.from), line(bounds, ({ down }) => down.to)];
  const point = (x: number, y: number): Point => {
    const [inX, inY] = frame.back(x, y);
    return { x: inX + whole.x, y: inY + whole.y };
  };
  const corners: Corners = [point(left, above(left)), point(right, above(right)), point(right, below(right)), point(left, below(left))];
  const cuts = places.map((place) => (place - left) / (right - left));
  const rises = cuts.every((place, at) => at === 0 || place > cuts[at - 1]!);
  return rises && isConvex(corners) ? { corners, cuts } : even;
}

/** The line along which most of them lie: its slope is the median of those between all pairs. */
function line(bounds: Extent[], of: (bound: Extent) => number): (x: number) => number {
  const points = bounds.map((bound) => [(bound.across.from + bound.across.to) / 2, of(bound)] as const);
  const rise = median(points.flatMap(([x, y], at) => points.slice(at + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x))));
  const start = median(points.map(([x, y]) => y - rise * x));
  return (x) => start + rise * x;
}

function inside({ x, y, width, height }: Box, picture: Pick<Picture, "width" | "height">): Box {
  const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
  const right = Math.min(picture.width, Math.round(x + width));
  return { x: left, y: top, width: right - left, height: Math.min(picture.height, Math.round(y + height)) - top };
}

function cut({ width, data }: Picture, box: Box): Picture {
  const made = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) made[y * box.width + x] = data[(y + box.y) * width + x + box.x]!;
  }
  return { width: box.width, height: box.height, data: made };
}
