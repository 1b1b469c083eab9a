/** Who was signed in on this phone last, and did not sign out: what all tabs agree on. */

import type { Schemas } from "./client";

export type Me = Schemas["Me"];

export const KEPT_AS = "signed-in-as";
/** Whose a thing is that was begun before anybody signed in. */
export const NOBODY = "";

export function remembered(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Me | null;
  } catch {
    return null;
  }
}

export function remember(me: Me | null): void {
  if (me) localStorage.setItem(KEPT_AS, JSON.stringify(me));
  else localStorage.removeItem(KEPT_AS);
}
