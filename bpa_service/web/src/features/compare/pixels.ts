/** The pixels of a place on a photo, in grey, as measuring needs them. */

import type { Region } from "../../api/client";
import { photoAt } from "../viewer/developing";
import type { Picture } from "./raster";
import type { Box } from "./row";

/** More would make measuring slow, and tells nothing more: a character is then some 90 pixels wide. */
const WIDEST = 1600;

/** How much is cut out around what is asked for, in parts of its height: corners are moved out there. */
const ROOM = 0.6;

export interface Cut {
  /** What was cut out, in colour. */
  pixels: ImageData;
  grey: Picture;
  /** Where in it what was asked for lies. */
  box: Box;
}

/** Cut `region` out of the photo at `url`, with a little room. Raises Error if the photo cannot be loaded. */
export async function cutOut(url: string, region: Region): Promise<Cut> {
  const image = await photoAt(url);
  const room = ROOM * region.height * image.naturalHeight;
  const [left, top] = [Math.max(0, region.x * image.naturalWidth - room), Math.max(0, region.y * image.naturalHeight - room)];
  const right = Math.min(image.naturalWidth, (region.x + region.width) * image.naturalWidth + room);
  const below = Math.min(image.naturalHeight, (region.y + region.height) * image.naturalHeight + room);
  const [width, height] = [right - left, below - top];
  const scale = Math.min(1, WIDEST / width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("this browser cannot draw");
  pen.drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
  const box = {
    x: (region.x * image.naturalWidth - left) * scale,
    y: (region.y * image.naturalHeight - top) * scale,
    width: region.width * image.naturalWidth * scale,
    height: region.height * image.naturalHeight * scale,
  };
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
  return { pixels, grey: grey(pixels), box };
}

/** How bright each pixel is (ITU-R BT.601). */
export function grey({ width, height, data }: Pick<ImageData, "width" | "height" | "data">): Picture {
  const made = new Float32Array(width * height);
  for (let at = 0; at < made.length; at++) {
    const [red, green, blue] = [data[4 * at] ?? 0, data[4 * at + 1] ?? 0, data[4 * at + 2] ?? 0];
    made[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return { width, height, data: made };
}
