/** The pixels of a place on a photo, in grey, as measuring needs them. */

import type { Region } from "../../api/client";
import type { Picture } from "./raster";

/** More would make measuring slow, and tells nothing more: a character is then some 90 pixels wide. */
const WIDEST = 1600;

export interface Cut {
  /** What was cut out, in colour. */
  canvas: HTMLCanvasElement;
  grey: Picture;
}

/** Cut `region` out of the photo at `url`. Raises Error if the photo cannot be loaded. */
export async function cutOut(url: string, region: Region): Promise<Cut> {
  const image = new Image();
  image.crossOrigin = "anonymous"; // or its pixels could be shown, but not read
  image.src = url;
  await image.decode();
  const [width, height] = [region.width * image.naturalWidth, region.height * image.naturalHeight];
  const scale = Math.min(1, WIDEST / width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("this browser cannot draw");
  const [left, top] = [region.x * image.naturalWidth, region.y * image.naturalHeight];
  pen.drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
  return { canvas, grey: grey(pen.getImageData(0, 0, canvas.width, canvas.height)) };
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
