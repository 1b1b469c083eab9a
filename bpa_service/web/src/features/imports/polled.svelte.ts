/** What changes by itself: asked for again and again, often while something is under way. */

import { stream } from "$kit/api/stream.svelte";
import { coalesced } from "$kit/coalesce";

const OFTEN = 2_000;
const SELDOM = 20_000;

/**
 * Look now and then until it is stopped; `look` says whether something is under way. While the stream is cut the
 * server is not bothered, unless somebody asks for it `soon` or the page is about just that (`always`).
 */
export function polled(look: () => Promise<boolean>, always = false): { soon: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  let stopped = false;
  const turn = coalesced(async () => {
    clearTimeout(timer);
    const looks = always || wanted || !stream.cut;
    wanted = false;
    const busy = looks && (await look().catch(() => false));
    if (!stopped) timer = setTimeout(() => void turn(), busy ? OFTEN : SELDOM);
  });
  void turn();
  return {
    soon: () => {
      wanted = true;
      void turn();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
