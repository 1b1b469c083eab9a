/** The badge of an inspection, for adverts: a picture that says what the newest answer is. */

import { newId, once } from "$kit/api/unwrap";
import { sendForJson, sendOrRaise } from "$kit/api/http";

export interface Badge {
  is_shown: boolean;
  expires_at: string;
  /** Empty where it cannot be given out any more. */
  paste: readonly { language: "ru" | "en"; picture: string; html: string }[];
}

export interface OfInspection {
  may_be_made: boolean;
  badge: Badge | null;
}

const of = (inspection: string): string => `/api/v1/inspections/${inspection}/badge`;

export function badgeOf(inspection: string): Promise<OfInspection> {
  return sendForJson(new Request(of(inspection)));
}

/** Make it, or have the one that is there work for the whole time again. */
export function putBadge(inspection: string): Promise<OfInspection> {
  return sendForJson(new Request(of(inspection), { method: "PUT" }));
}

export async function endBadge(inspection: string): Promise<void> {
  await sendOrRaise(new Request(of(inspection), { method: "DELETE", headers: once(newId()) }));
}

/** The picture as this page shows it: by its own host, and anew once something has changed. */
export function preview(picture: string, state: number): string {
  const { pathname, search } = new URL(picture);
  return `${pathname}${search}&seen=${state}`;
}
