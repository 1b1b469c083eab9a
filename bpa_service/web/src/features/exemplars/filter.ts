/** What exemplars are searched by, and how their years are told. */

import type { Exemplar, Shot } from "../../api/client";

export const [OLDEST, NEWEST] = [1900, 2100] as const;

export interface Filter {
  make: string;
  marking: Shot | "";
  year: number | null | undefined;
  tag: string;
  text: string;
}

/** What the server is asked; a year is left out until it was typed to its end. */
export function queryOf(filter: Filter): Record<string, string | number> {
  const { make, marking, year, tag, text } = filter;
  const wanted: Record<string, string | number> = {};
  for (const [name, value] of Object.entries({ make, marking, tag, text })) {
    if (value.trim()) wanted[name] = value.trim();
  }
  if (year && Number.isInteger(year) && year >= OLDEST && year <= NEWEST) wanted["year"] = year;
  return wanted;
}

/** "2007–2016", "from 2007" and so on; nothing if no year is known. */
export function years(one: Pick<Exemplar, "year_from" | "year_to">, from: string, to: string): string {
  const { year_from: first, year_to: last } = one;
  if (first && last) return first === last ? `${first}` : `${first}–${last}`;
  if (first) return `${from} ${first}`;
  return last ? `${to} ${last}` : "";
}
