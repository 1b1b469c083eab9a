/**
 * That Send was pressed in this very tab a moment ago, by somebody who had to sign in first: then whoever signs in is
 * the one who began the draft, and is not asked.
 */

const KEPT_AS = "to-be-sent";
// To wait for a code, and no longer: the phone may go from hand to hand with the screen open.
const LASTS = 15 * 60 * 1000;

export function pressedSend(draftId: string): void {
  sessionStorage.setItem(KEPT_AS, JSON.stringify({ draftId, at: Date.now() }));
}

export function isToBeSent(draftId: string): boolean {
  const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null") as { draftId: string; at: number } | null;
  return kept?.draftId === draftId && Date.now() - kept.at < LASTS;
}
