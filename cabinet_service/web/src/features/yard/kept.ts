/**
 * What this phone keeps for links: until when each works, so that what belongs to one is forgotten once it has ended,
 * whether or not anybody opens it again.
 */

import { drafts } from "../../drafts/drafts.svelte";

// The page looks for this before it loads the rest of this.
const KEPT_AS = "links";

type Ends = Record<string, string>;

function ends(): Ends {
  return JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Ends;
}

function keep(all: Ends): void {
  if (Object.keys(all).length) localStorage.setItem(KEPT_AS, JSON.stringify(all));
  else localStorage.removeItem(KEPT_AS);
}

/** What `owner` keeps here is forgotten at that time. */
export function keepUntil(owner: string, expires: string): void {
  keep({ ...ends(), [owner]: expires });
}

/** Forget all that is kept for a link: it opens nothing any more. */
export async function forgetLink(owner: string): Promise<void> {
  await drafts.clear(owner);
  const { [owner]: _, ...others } = ends();
  keep(others);
}

/** Forget what is kept for links whose time is over. */
export async function forgetEnded(): Promise<void> {
  for (const [owner, expires] of Object.entries(ends())) if (Date.parse(expires) <= Date.now()) await forgetLink(owner);
}
