/** Why nothing can be changed for others now. */

import { stream } from "$kit/api/stream.svelte";
import t from "$messages/ui/cut";

/** In words; nothing where there is a connection. */
export function whyNot(): string | undefined {
  return stream.cut ? t().cut : undefined;
}
