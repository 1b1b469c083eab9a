/** A photo in another light, by a worker of its own. */

import type { Wanted } from "./develop";

export interface Asked {
  bitmap: ImageBitmap;
  wanted: Wanted;
}

export interface Developed {
  file: Blob;
}

/** The longest side of what is developed, in pixels. */
const LONGEST = 4096;

/** The pixels of the photo at `url`. Raises Error if it cannot be loaded. */
export async function photoAt(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.crossOrigin = "anonymous"; // or its pixels could be shown, but not read
  image.src = url;
  await image.decode();
  return image;
}

/** The photo at `url` in that light. Whoever asks releases the address. Raises Error if it cannot be loaded. */
export async function inLight(url: string, wanted: Wanted): Promise<string> {
  const image = await photoAt(url);
  const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const bitmap = await createImageBitmap(image, {
    resizeWidth: Math.max(1, Math.round(image.naturalWidth * scale)),
    resizeHeight: Math.max(1, Math.round(image.naturalHeight * scale)),
    resizeQuality: "high",
  });
  return URL.createObjectURL(await developedBeside(bitmap, wanted));
}

function developedBeside(bitmap: ImageBitmap, wanted: Wanted): Promise<Blob> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./develop.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Developed>) => {
      worker.terminate();
      done(data.file);
    };
    worker.onerror = ({ message }) => {
      worker.terminate();
      failed(new Error(message));
    };
    worker.postMessage({ bitmap, wanted } satisfies Asked, [bitmap]);
  });
}
