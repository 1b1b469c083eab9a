/** Why nothing can be changed for others now, and that somebody wanted to. */

import { stream } from "$kit/api/stream.svelte";
import t from "$messages/ui/cut";

/** In words; nothing where there is a connection. */
export function whyNot(): string | undefined {
  return stream.cut ? t().cut : undefined;
}

class Refused {
  /** Whether something was wanted since the line was cut: it was not done, and the banner says so. */
  any = $state(false);

  /** Whether what is wanted now cannot be done, because the line is cut. */
  now(): boolean {
    if (stream.cut) this.any = true;
    return stream.cut;
  }
}

export const refused = new Refused();
