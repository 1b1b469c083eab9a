/**
 * A search: the answer to the newest question, a page after the other. It outlives its screen, so that who comes back
 * from a case finds the list as they left it.
 */

import { unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";
import { Paged } from "../../ui/paged.svelte";
import { isBackwards, isSame, isTooLong, NOTHING, type Asked } from "./asking";

type Match = Omit<Schemas["MatchOut"], "marks"> & { marks: readonly (readonly number[])[] };
export type Found = Omit<Schemas["FoundOut"], "matched"> & { matched: readonly Match[] };
type About = Omit<Schemas["FoundPage"], "items" | "next_cursor">;

const PAGE = 50;
/** Nobody reads on: whoever has not found it by then narrows the search. */
export const MOST = 500;
const LONG = 3_000;

export class Searched {
  asked = $state.raw<Asked>(NOTHING);
  /** What the newest answer was to. */
  answered = $state.raw<Asked>();
  /** What the newest answer says of all that was found. */
  about = $state.raw<About>();
  /** When that was. */
  at = $state.raw<Date>();
  /** The answer takes longer than one is used to. */
  slow = $state(false);
  /** The place in the list where one is. */
  chosen = $state(0);
  /** What people call the values that are ids, by `expert:…`. */
  names = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly list = new Paged<Found>((cursor) => this.fetch(cursor));
  private asking: AbortController | undefined;

  /** Ask that, unless it is what was asked last. */
  ask(wanted: Asked): void {
    const isOld = isSame(wanted, this.asked) && this.list.items !== undefined && !this.list.error;
    this.asked = wanted;
    if (!isOld) void this.again();
  }

  again(): Promise<void> {
    this.chosen = 0;
    return this.list.restart();
  }

  /** Whether what was found is that of another question. */
  get isOld(): boolean {
    return this.answered !== undefined && !isSame(this.answered, this.asked);
  }

  /** Whether there is more that one may scroll to. */
  get hasMore(): boolean {
    return this.list.more && (this.list.items?.length ?? 0) < MOST;
  }

  reach(): void {
    if (this.hasMore && !this.list.error) void this.list.reach();
  }

  private async fetch(cursor?: string): Promise<{ items: Found[]; next_cursor: string | null }> {
    // Whatever was asked before is no longer waited for, by anybody.
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    this.slow = false;
    const { q, facets, since, until } = this.asked;
    if (isTooLong(this.asked) || isBackwards(this.asked)) {
      this.answered = this.about = undefined;
      return { items: [], next_cursor: null };
    }
    const timer = setTimeout(() => (this.slow = !signal.aborted), LONG);
    try {
      const query = {
        limit: PAGE,
        ...(q.trim() ? { q } : {}),
        ...(facets.length ? { facet: [...facets] } : {}),
        ...(since ? { since } : {}),
        ...(until ? { until } : {}),
        ...(cursor ? { cursor } : { counts: true }),
      };
      const page = await unwrap(api.GET("/api/v1/search/cases", { params: { query }, signal }));
      signal.throwIfAborted();
      if (!cursor) this.tell(page);
      // A case that changed meanwhile may come once more, further down.
      const known = new Set(cursor ? this.list.items?.map((one) => one.case.id) : []);
      return { ...page, items: page.items.filter((one) => !known.has(one.case.id)) };
    } finally {
      clearTimeout(timer);
      if (!signal.aborted) this.slow = false;
    }
  }

  private tell(about: About): void {
    this.answered = this.asked;
    this.about = about;
    this.at = new Date();
    const named = Object.entries(about.counts ?? {}).flatMap(([facet, counts]) =>
      (counts ?? []).flatMap(({ value, label }) => (label === null ? [] : [[`${facet}:${value}`, label] as const])),
    );
    this.names = new Map([...this.names, ...named]);
  }
}

let last: { of: string | undefined; searched: Searched } = { of: undefined, searched: new Searched() };

/** The search of whoever is signed in: nobody sees what a colleague looked for. */
export function searchedBy(of: string | undefined): Searched {
  if (last.of !== of) last = { of, searched: new Searched() };
  return last.searched;
}
