/**
 * Where the last code went. It outlives the page: whoever looks for the letter leaves the app, and a phone that is
 * short of memory ends it behind their back.
 */

import type { Schemas } from "../../api/client";

/** `to` is as it was typed, in full: whoever did has to see a slip in it. */
export type Sent = Schemas["CodeSent"] & { to: string };

const KEPT_AS = "code-sent";

export function keepSent(sent: Sent): void {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(sent));
  } catch {
    // Without room for it the page itself still knows.
  }
}

/** Where a code went that may still be entered. */
export function keptSent(): Sent | undefined {
  try {
    const sent = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Sent | null;
    return sent && new Date() < new Date(sent.expires_at) ? sent : undefined;
  } catch {
    return undefined;
  }
}

export function forgetSent(): void {
  localStorage.removeItem(KEPT_AS);
}
