/**
 * What this phone keeps for links: until when each works, so that what belongs to one is forgotten some time after it
 * has ended, whether or not anybody opens it again. Until then a newer link to the same car may take it over.
 */

import { change, type Photo } from "../../drafts/database";
import { drafts } from "../../drafts/drafts.svelte";

// The page looks for this before it loads the rest of this.
const KEPT_AS = "links";
// As long as the longest link works: whoever gave the one that has ended has that time to give another.
const KEPT_AFTER = 14 * 24 * 60 * 60 * 1000;

type Ends = Record<string, string>;

function ends(): Ends {
  return JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Ends;
}

function keep(all: Ends): void {
  if (Object.keys(all).length) localStorage.setItem(KEPT_AS, JSON.stringify(all));
  else localStorage.removeItem(KEPT_AS);
}

/** The link works until then; what `owner` keeps here is forgotten some time later. */
export function keepUntil(owner: string, expires: string): void {
  keep({ ...ends(), [owner]: expires });
}

/** The link has ended, now at the latest. */
export function hasEnded(owner: string): void {
  const now = new Date().toISOString();
  const expires = ends()[owner] ?? now;
  keepUntil(owner, Date.parse(expires) < Date.parse(now) ? expires : now);
}

/** Forget all that is kept for a link: it opens nothing any more. */
export async function forgetLink(owner: string): Promise<void> {
  await drafts.clear(owner);
  const { [owner]: _, ...others } = ends();
  keep(others);
}

/** Forget what is kept for links that ended long ago, but for that of `opened`, which the server was asked about. */
export async function forgetEnded(opened?: string): Promise<void> {
  for (const [owner, expires] of Object.entries(ends())) {
    if (owner !== opened && Date.parse(expires) + KEPT_AFTER <= Date.now()) await forgetLink(owner);
  }
}

/** The photos that are on this phone alone. */
export function unsent(photos: readonly Photo[]): Photo[] {
  return photos.filter(({ state }) => state === "kept" || state === "held");
}

/** What was photographed by other links to the same car and is on this phone alone goes out by this one; whether anything. */
export async function takeOver(owner: string, inspectionId: string): Promise<boolean> {
  const wasTaken = await change(["drafts", "photos"], async (work) => {
    const [all, photos] = [await work.objectStore("drafts").getAll(), work.objectStore("photos")];
    const others = new Set(all.filter((one) => one.byLink && one.inspectionId === inspectionId).map((one) => one.owner));
    others.delete(owner);
    const left = unsent(await photos.getAll()).filter((one) => others.has(one.owner));
    // What was begun of them was begun by the other link, and nobody else can go on with it.
    for (const { evidenceId: _e, copy: _c, uploadUrl: _u, ...photo } of left) {
      await photos.put({ ...photo, owner, draftId: photo.draftId && owner, offset: 0 });
    }
    return left.length > 0;
  });
  if (wasTaken) await drafts.read();
  return wasTaken;
}
