/** An error in words for people. */

import { saidOf, words as usual } from "$kit/ui/errors";
import t from "$messages/ui/errors";
import refusals from "$messages/ui/refusals";
import type { Refused } from "../drafts/database";
import { NotKept } from "../drafts/drafts.svelte";

export function words(error: unknown): string {
  return error instanceof NotKept ? t()[error.why] : usual(error);
}

/** Why something was refused: of a photo it may be asked for after the answer with the words has got lost. */
export function refusalWords({ code, detail }: Refused): string {
  const known: Partial<Record<string, string>> = refusals();
  return known[code] ?? (detail ? saidOf(code, detail) : refusals().other);
}
