/** A new exemplar as it is typed, and what it lacks before it is sent, by the same rules as the server's. */

import type { Shot } from "../../api/client";
import { NEWEST, OLDEST } from "./filter";
import { areTaken, tagsOf } from "./tags";

export const MOST_BYTES = 15 * 1024 * 1024;

/** What is typed; a file is no words, and has to be chosen again. */
export interface Typed {
  make: string;
  model: string;
  plant: string;
  year_from: number | null | undefined;
  year_to: number | null | undefined;
  marking: Shot | "";
  tags: string;
  note: string;
}
export type Draft = Typed & { file: File | undefined };
export type Field = keyof Draft;

export function blank(): Typed {
  const years = { year_from: undefined, year_to: undefined };
  return { make: "", model: "", plant: "", ...years, marking: "", tags: "", note: "" };
}

/** What keeps it from being sent, in the order of the form. */
export function wrong(draft: Draft): Field[] {
  const { file, make, marking, year_from: first, year_to: last, tags } = draft;
  const found: Field[] = [];
  if (!file || file.size > MOST_BYTES) found.push("file");
  if (!make.trim()) found.push("make");
  if (!marking) found.push("marking");
  if (!isYear(first)) found.push("year_from");
  if (!isYear(last) || (first && last && last < first)) found.push("year_to");
  if (!areTaken(tagsOf(tags))) found.push("tags");
  return found;
}

export function isYear(year: number | null | undefined): boolean {
  return !year || (Number.isInteger(year) && year >= OLDEST && year <= NEWEST);
}
