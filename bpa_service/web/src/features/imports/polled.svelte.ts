/** What changes by itself: asked for again and again, often while something is under way. */

import { stream } from "$kit/api/stream.svelte";
import { coalesced } from "$kit/coalesce";

const OFTEN = 2_000;
const SELDOM = 20_000;

/** Look now and then until the function that is returned is called; `look` says whether something is under way. */
export function polled(look: () => Promise<boolean>): { soon: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const turn = coalesced(async () => {
    clearTimeout(timer);
    const busy = stream.cut ? false : await look().catch(() => false);
    if (!stopped) timer = setTimeout(() => void turn(), busy ? OFTEN : SELDOM);
  });
  void turn();
  return {
    soon: () => void turn(),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
