/** Kinds of live hints that change nothing of a case itself, so that nobody fetches it again for them. */

import { SEEN } from "$kit/notifying/seen";

/** Somebody came to a case, or left it. */
export const PRESENCE_CHANGED = "presence.changed";
/** The reader has come with what it sees on a photo, or cannot. */
export const READING_PROPOSED = "case.reading_proposed";
/** A source has answered about the car. */
export const VEHICLE_ANSWERED = "case.vehicle_answered";
/** Somebody arranged their own queue. */
export const ARRANGED = "queue.arranged";
/** A case was handed over; this one is about the case. */
export const HANDED_OVER = "case.handed_over";

const ASIDE = new Set([PRESENCE_CHANGED, READING_PROPOSED, VEHICLE_ANSWERED, ARRANGED, SEEN]);

/** Whether the hint is about a case itself. */
export function isOfCase({ kind }: { kind: string }): boolean {
  return !ASIDE.has(kind);
}
