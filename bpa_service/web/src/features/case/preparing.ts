/** What is likely to be opened next, at hand before it is asked for. */

import { linkTo } from "../viewer/links";
import { prefetch } from "./watched.svelte";

/** Have the case at hand, and its first photo in the browser's cache. */
export async function prepare(likely: string): Promise<void> {
  const photo = (await prefetch(likely))?.evidence[0];
  if (!photo) return;
  try {
    new Image().src = await linkTo(likely, photo.evidence_id);
  } catch {
    // It is asked for again when the case is opened, which says why it cannot be.
  }
}
