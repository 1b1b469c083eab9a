/** A photo brought to the size at which it is judged. Runs in a worker and, for old engines, on the page. */

import { judgePixels, WORKING_SIDE, type Judgement, type Size } from "./verdict";

export type Source = Blob | ImageBitmap;

/** Raises what the browser raises for a photo that it cannot decode. */
export async function judgeHere(source: Source, shot: string): Promise<Judgement> {
  const bitmap = source instanceof Blob ? await createImageBitmap(source) : source;
  try {
    const original = { width: bitmap.width, height: bitmap.height };
    const { width, height } = workingSize(original);
    const canvas = canvasOf(width, height);
    const pen = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
    // Averages what it leaves out: thinned pixels would look sharper than the photo is.
    pen.imageSmoothingQuality = "medium";
    pen.drawImage(bitmap, 0, 0, width, height);
    return judgePixels({ rgba: pen.getImageData(0, 0, width, height).data, width, height, original }, shot);
  } finally {
    bitmap.close();
  }
}

/** Never larger than the original: made up pixels are soft. */
export function workingSize({ width, height }: Size): Size {
  const scale = Math.min(1, WORKING_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function canvasOf(width: number, height: number): OffscreenCanvas | HTMLCanvasElement {
  if (typeof OffscreenCanvas === "function") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}
