/** Histories that are ordered without an inspection. */

import { once } from "$kit/api/unwrap";
import { sendForJson } from "$kit/api/http";
import type { Schemas } from "../../api/client";
import type { InNameOf } from "../../drafts/database";
import type { Told } from "../report/reports";

export type Ordered = Schemas["HistoryOut"];
export type Row = Schemas["HistoryRow"];

export interface Rows {
  items: readonly Row[];
  next_cursor: string | null;
}

const ALL = "/api/v1/histories";

/** The order; it is the one of before where the same car was asked for within a day. */
export function order(text: string, inNameOf: InNameOf, key: string): Promise<Ordered> {
  const headers = { "Content-Type": "application/json", ...once(key) };
  return sendForJson(new Request(ALL, { method: "POST", headers, body: JSON.stringify({ text, ...inNameOf }) }));
}

export function ordered(id: string): Promise<Ordered> {
  return sendForJson(new Request(`${ALL}/${id}`));
}

/** The youngest; of those that are meant by `typed`, a part of a number, if it is given. */
export function list(
  { cursor, typed, limit = 20 }: { cursor?: string | null; typed?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Rows> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (cursor) query.set("cursor", cursor);
  if (typed) query.set("q", typed);
  return sendForJson(new Request(`${ALL}?${query}`, signal ? { signal } : {}));
}

export function reportOf(id: string, language: string): Promise<Told> {
  return sendForJson(new Request(`${ALL}/${id}/report?language=${language}`));
}

export function pdfAddress(id: string, language: string): string {
  return `${ALL}/${id}/report/pdf?language=${language}`;
}
