/** Where the checks of a company stand, and reminding whoever keeps one waiting. */

import { once, unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";

export type Row = Schemas["BoardRow"];
export type Phase = Schemas["Phase"];
export type Counts = Schemas["BoardCountsOut"];
export type Reminder = Schemas["ReminderOut"];

export const PHASES = ["photos", "expert", "answered", "over"] as const satisfies readonly Phase[];

/** Whose checks are looked at. */
export interface Whose {
  branch_id: string | null;
  account_id: string | null;
}

interface Wanted extends Whose {
  phase: Phase;
  q: string;
}

const path = (company_id: string): { company_id: string } => ({ company_id });

export function rows(company: string, { q, ...wanted }: Wanted, cursor: string | null): Promise<Schemas["PageOf_BoardRow"]> {
  const query = { ...wanted, q: q.trim() || null, cursor, limit: 50 };
  return unwrap(api.GET("/api/v1/companies/{company_id}/board", { params: { path: path(company), query } }));
}

export const counts = (company: string, query: Whose): Promise<Counts> =>
  unwrap(api.GET("/api/v1/companies/{company_id}/board/counts", { params: { path: path(company), query } }));

export const remind = (inspection_id: string, key: string): Promise<Reminder> =>
  unwrap(api.POST("/api/v1/inspections/{inspection_id}/reminders", { params: { path: { inspection_id }, header: once(key) } }));
