/** Judges photos beside the page: what comes in is a source, what goes out the judgement, or null if it failed. */

import { judgeHere, type Source } from "./pixels";

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data }: MessageEvent<{ id: number; source: Source; shot: string }>) => {
  judgeHere(data.source, data.shot).then(
    (judgement) => self.postMessage({ id: data.id, judgement }),
    () => self.postMessage({ id: data.id, judgement: null }),
  );
};
