/** What values of facets are called. */

import shots from "$messages/kit/shots";
import t from "$messages/search/words";
import states from "$messages/vocabulary/states";
import verdicts from "$messages/vocabulary/short-verdicts";
import type { Facet } from "./asking";

/** `name` is what people call it, where the value is an id. */
export function valueWords(facet: Facet, value: string, name?: string | null): string {
  const called: Partial<Record<Facet, Readonly<Record<string, string>>>> = { state: states(), verdict: verdicts(), marking: shots(), sla: t().sla };
  // One that is not known here by name is told from others by its id.
  if (facet === "expert" || facet === "company") return name ?? `${t().nameless} …${value.slice(-6)}`;
  return called[facet]?.[value] ?? value;
}

export function facetWords(facet: Facet): string {
  return t().facets[facet];
}

export const TONES = { clean: "ok", doubts: "warn", forgery_signs: "bad", insufficient_data: "warn" } as const;
