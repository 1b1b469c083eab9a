/** What is searched for, and how an address says it: a search can be kept, sent to somebody, and gone back to. */

/** As they stand beside the results, the ones that narrow most people's searches first. */
export const FACETS = ["state", "verdict", "marking", "make", "model", "year", "expert", "sla", "company"] as const;
export type Facet = (typeof FACETS)[number];

/** `facets` are `make:SKODA`, as the API takes them; days are `2026-03-01`, or "". */
export interface Asked {
  q: string;
  facets: readonly string[];
  since: string;
  until: string;
}

export const NOTHING: Asked = { q: "", facets: [], since: "", until: "" };
/** The server takes no more characters. */
export const LONGEST = 500;
/** The server takes no more of them, and none that is longer. */
const MOST_FACETS = 40;
const LONGEST_FACET = 140;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function askedBy(query: URLSearchParams): Asked {
  const dayIn = (name: string): string => DAY.exec(query.get(name) ?? "")?.[0] ?? "";
  const facets = [...new Set(query.getAll("facet"))].filter((one) => facetOf(one) !== undefined && one.length <= LONGEST_FACET).slice(0, MOST_FACETS);
  return { q: query.get("q") ?? "", facets, since: dayIn("since"), until: dayIn("until") };
}

export function addressOf(asked: Asked): string {
  const query = new URLSearchParams(asked.q.trim() ? { q: asked.q } : {});
  for (const one of asked.facets) query.append("facet", one);
  if (asked.since) query.set("since", asked.since);
  if (asked.until) query.set("until", asked.until);
  return query.size ? `/search?${query}` : "/search";
}

/** Whether two searches find the same. */
export function isSame(one: Asked, other: Asked): boolean {
  const sorted = ({ facets, ...rest }: Asked): string => addressOf({ ...rest, q: rest.q.trim(), facets: [...facets].sort() });
  return sorted(one) === sorted(other);
}

export function isNothing(asked: Asked): boolean {
  return addressOf(asked) === "/search";
}

export function isTooLong(asked: Asked): boolean {
  return [...asked.q].length > LONGEST;
}

/** Whether the days are the wrong way round: nothing lies between them. */
export function isBackwards({ since, until }: Asked): boolean {
  return since !== "" && until !== "" && since > until;
}

/** The search with a value of a facet, or without it if it had that. */
export function toggled(asked: Asked, value: string): Asked {
  const { facets } = asked;
  return { ...asked, facets: facets.includes(value) ? facets.filter((one) => one !== value) : [...facets, value] };
}

/** `make:SKODA` in its two parts; nothing if no facet is called so. */
export function facetOf(text: string): { facet: Facet; value: string } | undefined {
  const end = text.indexOf(":");
  const facet = FACETS.find((one) => one === text.slice(0, end));
  return facet && text.length > end + 1 ? { facet, value: text.slice(end + 1) } : undefined;
}

/** The search without a term of it, as the server read that; nothing if it does not stand there so. */
export function without(asked: Asked, term: string): Asked | undefined {
  const at = asked.q.toLowerCase().indexOf(term.toLowerCase());
  if (!term || at < 0) return undefined;
  const q = `${asked.q.slice(0, at)} ${asked.q.slice(at + term.length)}`.replace(/"\s*"/g, " ").replace(/\s+/g, " ").trim();
  return q ? { ...asked, q } : undefined;
}
