/** The light that each photo is looked at in: kept for whoever chose it, as long as words that are not sent. */

import { untrack } from "svelte";
import { changing, type Writing } from "../../kept.svelte";
import { AS_TAKEN, type Light } from "./light";

export function lightOf(photoId: string): Writing<Light> {
  return untrack(() => changing(`light of ${photoId}`, AS_TAKEN));
}
