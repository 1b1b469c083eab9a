/** The links to a report that its owner gives out. */

import { newId, once } from "$kit/api/unwrap";
import { sendForJson, sendOrRaise } from "$kit/api/http";

export interface Share {
  id: string;
  /** Nothing once it has ended. */
  url: string | null;
  state: "live" | "expired" | "revoked";
  label: string | null;
  reader: "buyer" | "seller" | "partner";
  language: "ru" | "en" | null;
  scope: { photos: boolean; history: boolean };
  has_code: boolean;
  code_locked_until: string | null;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  views: number;
  viewed_at: string | null;
}

export interface NewShare {
  scope: { photos: boolean; history: boolean };
  reader: "buyer" | "seller";
  days: number;
  code: string | null;
  label: string | null;
}

/** `of`: what it is a report of, as the address has it (`inspections/…`, `histories/…`). */
const under = (of: string): string => `/api/v1/${of}/shares`;

export function sharesOf(of: string): Promise<readonly Share[]> {
  return sendForJson(new Request(under(of)));
}

export function share(of: string, wish: NewShare, key: string): Promise<Share> {
  const headers = { "Content-Type": "application/json", ...once(key) };
  return sendForJson(new Request(under(of), { method: "POST", headers, body: JSON.stringify(wish) }));
}

export async function revoke(of: string, shareId: string): Promise<void> {
  const headers = once(newId());
  await sendOrRaise(new Request(`${under(of)}/${shareId}`, { method: "DELETE", headers }));
}
