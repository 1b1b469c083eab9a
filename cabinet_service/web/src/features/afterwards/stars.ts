/** Stars that were chosen and are not sent yet. */

import type { Answer } from "../../drafts/database";

/** Those for this version of the answer: for another one they say nothing of it. */
export function starsFor(kept: Pick<Answer, "of"> | undefined, version: number): number | undefined {
  return kept?.of?.kind === "rating" && kept.of.version === version ? kept.of.stars : undefined;
}
