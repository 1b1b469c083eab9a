/** What is worked out beside the page, by a worker of its own. */

import type { Grid } from "./grid";
import type { Picture } from "./raster";
import type { Box } from "./row";
import type { Figures } from "./values";

export type Asked = { picture: Picture; text: string } & ({ box: Box } | { grid: Grid });
export interface Answered {
  grid?: Grid;
  figures?: Figures[];
}

/** Raises Error if it cannot be worked out here; never settles once `signal` is aborted. */
export function asked(what: Asked, signal: AbortSignal): Promise<Answered> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./grid.worker.ts", import.meta.url), { type: "module" });
    signal.addEventListener("abort", () => worker.terminate());
    worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      worker.terminate();
      done(data);
    };
    worker.onerror = ({ message }) => {
      worker.terminate();
      failed(new Error(message));
    };
    worker.postMessage(what);
  });
}
