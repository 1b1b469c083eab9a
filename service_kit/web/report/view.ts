/** Which part of a photo is shown for a place on it. */

import type { Region } from "./presented";

/** What is shown, in shares of the photo. */
export type View = Region;

export const WHOLE: View = { x: 0, y: 0, width: 1, height: 1 };
/** Of a crop, width by height. */
export const FRAME = 4 / 3;
// So much of the frame the place may take: what surrounds it tells where it is.
const MOST = 0.55;
// A smaller part of a photo would be shown by too few pixels.
const LEAST = 0.3;

/** The place with what surrounds it, in the shape of a frame; the whole photo where no frame holds the place. */
export function viewOf(region: Region | null | undefined, width: number, height: number): View {
  if (!region || !(width > 0) || !(height > 0)) return WHOLE;
  const across = Math.max(region.width * width, region.height * height * FRAME);
  const shown = Math.min(Math.max(across / MOST, LEAST * width), width, height * FRAME);
  if (across > shown) return WHOLE;
  const view = { width: shown / width, height: shown / FRAME / height };
  return {
    ...view,
    x: within(region.x + region.width / 2 - view.width / 2, 1 - view.width),
    y: within(region.y + region.height / 2 - view.height / 2, 1 - view.height),
  };
}

/** A place of the photo, as shares of the view. */
export function placed(region: Region, view: View): Region {
  return {
    x: (region.x - view.x) / view.width,
    y: (region.y - view.y) / view.height,
    width: region.width / view.width,
    height: region.height / view.height,
  };
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(most, 0));
}
