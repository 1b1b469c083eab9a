/** Measuring a strip in a worker of its own. */

import type { Options, Strip } from "./glyphs";
import type { Picture } from "./raster";

/** The strip; nothing more comes of it once `signal` is aborted. Raises Error if it cannot be measured here. */
export function measured(picture: Picture, options: Options, signal: AbortSignal): Promise<Strip> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./strip.worker.ts", import.meta.url), { type: "module" });
    const end = (): void => worker.terminate();
    signal.addEventListener("abort", end);
    worker.onmessage = ({ data }: MessageEvent<Strip>) => {
      end();
      done(data);
    };
    worker.onerror = ({ message }) => {
      end();
      failed(new Error(message));
    };
    worker.postMessage({ picture, options });
  });
}
