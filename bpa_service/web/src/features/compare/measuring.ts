/** Measuring a strip in a worker of its own. */

import type { Figures } from "./figures";
import type { Box, Strip } from "./glyphs";
import type { Picture } from "./raster";

export interface Asked {
  picture: Picture;
  /** The box that was drawn; there is a little room around it. */
  box: Box;
  text: string;
}

export interface Measured {
  /** The characters in the box that was drawn. */
  strip: Strip;
  /** What may be said of them; nothing yet while the boxes around it are measured. */
  figures?: Figures[];
}

/**
 * Tell the characters as soon as they are found, and again with their figures; no more once `signal` is aborted.
 * Raises Error if it cannot be measured here.
 */
export function measured(asked: Asked, signal: AbortSignal, tell: (found: Measured) => void): Promise<void> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./strip.worker.ts", import.meta.url), { type: "module" });
    const end = (): void => worker.terminate();
    signal.addEventListener("abort", end);
    worker.onmessage = ({ data }: MessageEvent<Measured>) => {
      tell(data);
      if (!data.figures) return;
      end();
      done();
    };
    worker.onerror = ({ message }) => {
      end();
      failed(new Error(message));
    };
    worker.postMessage(asked);
  });
}
