/** A file that the server may still be making: it says so, and when to ask again. */

import { send } from "$kit/api/http";
import { Offline, Problem } from "$kit/api/problem";

const USUAL_PAUSE = 3;
const LONGEST_PAUSE = 20;
const PATIENCE = 3 * 60;

/** It is not there yet, and whoever waits has waited long enough. */
export class StillMade extends Error {
  override readonly name = "StillMade";
}

const second = (count: number): Promise<void> => new Promise((done) => setTimeout(done, count * 1000));

/** The bytes behind `address`. Raises StillMade, Offline or Problem. */
export async function made(address: string, signal: AbortSignal, wait = second): Promise<Blob> {
  let waited = 0;
  for (;;) {
    const answer = await asked(address, signal);
    if (answer.status === 200) return read(answer);
    if (answer.status !== 202) throw await Problem.of(answer);
    if (waited >= PATIENCE) throw new StillMade();
    const pause = Math.min(LONGEST_PAUSE, Number(answer.headers.get("retry-after")) || USUAL_PAUSE);
    await wait(pause);
    waited += pause;
    if (signal.aborted) throw new Offline("given up");
  }
}

/** Give it to whoever asked for it, as a file of that name. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // By then it is on the disk, or somebody was asked where to.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `fetch`, and once more after the session was renewed: `send` takes JSON alone for an answer. */
async function asked(address: string, signal: AbortSignal): Promise<Response> {
  const ask = (): Promise<Response> =>
    fetch(address, { signal, credentials: "same-origin" }).catch((cause: unknown) => {
      throw new Offline("no answer", { cause });
    });
  const answer = await ask();
  if (answer.status !== 401) return answer;
  await send(new Request("/api/v1/me"));
  return ask();
}

async function read(answer: Response): Promise<Blob> {
  try {
    return await answer.blob();
  } catch (cause) {
    throw new Offline("half an answer", { cause });
  }
}
