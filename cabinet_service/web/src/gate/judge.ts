/** The check of a photo on the phone, without the network. It is advice: it never fails and never takes long. */

import type { Quality } from "../drafts/database";
import { judgeHere, type Source } from "./pixels";
import type { Judgement, Measures } from "./verdict";
import GateWorker from "./worker?worker";

export interface Judged {
  quality: Quality;
  /** Missing where the photo could not be checked. */
  measures?: Measures;
}

/** Longer than this nobody waits for advice. */
const PATIENCE = 3_000;
const UNCHECKED: Judged = { quality: "unchecked" };

/** `shot` is what the photo was taken for. */
export async function judge(photo: Source | HTMLVideoElement, shot: string): Promise<Judged> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<Judged>((resolve) => (timer = setTimeout(resolve, PATIENCE, UNCHECKED)));
  try {
    return await Promise.race([enough, judged(photo, shot)]);
  } catch {
    return UNCHECKED; // a type that this browser cannot decode, or no memory for it
  } finally {
    clearTimeout(timer);
  }
}

async function judged(photo: Source | HTMLVideoElement, shot: string): Promise<Judged> {
  const ready = photo instanceof Blob || photo instanceof ImageBitmap;
  const source = ready ? photo : await createImageBitmap(photo);
  // A worker without a canvas of its own can only decode: then everything is done here.
  return typeof OffscreenCanvas === "function" ? beside(source, shot) : judgeHere(source, shot);
}

let worker: Worker | undefined;
let asked = 0;

function beside(source: Source, shot: string): Promise<Judgement> {
  worker ??= new GateWorker();
  const [at, id] = [worker, asked++];
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const { signal } = over;
    at.addEventListener(
      "message",
      ({ data }: MessageEvent<{ id: number; judgement: Judgement | null }>) => {
        if (data.id !== id) return;
        over.abort();
        if (data.judgement) resolve(data.judgement);
        else reject(new Error("the photo could not be decoded"));
      },
      { signal },
    );
    at.addEventListener(
      "error",
      () => {
        over.abort();
        worker = undefined;
        reject(new Error("the worker could not be started"));
      },
      { signal },
    );
    at.postMessage({ id, source, shot }, source instanceof Blob ? [] : [source]);
  });
}
