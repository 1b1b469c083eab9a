/** What lies under a grid, as if it had been photographed from the front. */

import { placing, type Corners, type Point } from "./grid";
import { raster, type Picture, type Raster } from "./raster";
import type { Pixels } from "../viewer/develop";

/** A part of a grid: 0 to 1 is the whole of it. */
export interface Part {
  from: number;
  to: number;
  above: number;
  below: number;
}

/** How much around a character is shown, in parts of the row's height. */
export const ROOM = 0.12;

/** The part of a coloured picture; black beyond its edges. */
export function frontal(picture: Pixels, corners: Corners, part: Part, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  each(corners, part, width, height, (at, { x, y }) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    data[4 * at + 3] = 255;
    if (left < 0 || top < 0 || left >= picture.width - 1 || top >= picture.height - 1) return;
    const [across, down] = [x - left, y - top];
    for (let channel = 0; channel < 3; channel++) {
      const here = (top * picture.width + left) * 4 + channel;
      const below = here + picture.width * 4;
      const upper = picture.data[here]! * (1 - across) + picture.data[here + 4]! * across;
      const lower = picture.data[below]! * (1 - across) + picture.data[below + 4]! * across;
      data[4 * at + channel] = upper * (1 - down) + lower * down;
    }
  });
  return { width, height, data };
}

/** The part of a grey picture; beyond its edges it goes on as it ends. */
export function frontalGrey(picture: Picture, corners: Corners, part: Part, width: number, height: number): Raster {
  const made = raster(width, height);
  const [right, last] = [picture.width - 1.001, picture.height - 1.001];
  each(corners, part, width, height, (at, point) => {
    const [x, y] = [Math.min(Math.max(point.x, 0), right), Math.min(Math.max(point.y, 0), last)];
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const here = top * picture.width + left;
    const upper = picture.data[here]! * (1 - x + left) + picture.data[here + 1]! * (x - left);
    const lower = picture.data[here + picture.width]! * (1 - x + left) + picture.data[here + picture.width + 1]! * (x - left);
    made.data[at] = upper * (1 - y + top) + lower * (y - top);
  });
  return made;
}

function each(corners: Corners, { from, to, above, below }: Part, width: number, height: number, sees: (at: number, point: Point) => void): void {
  const place = placing(corners);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const along = from + ((to - from) * (column + 0.5)) / width;
      const down = above + ((below - above) * (row + 0.5)) / height;
      const { x, y } = place(along, down);
      sees(row * width + column, { x: x - 0.5, y: y - 0.5 });
    }
  }
}
