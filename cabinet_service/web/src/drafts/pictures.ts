/**
 * The photos of reports that an account opened, kept on the phone to be seen where there is no network: as large as
 * the page shows them, and no originals. Those of the reports that were opened last stay.
 */

import { change, database } from "./database";
import { ofOwner, quietly } from "./kept";

/** So much is kept of one account: some hundred photos. */
export const MOST_BYTES = 32 * 1024 * 1024;

const keyOf = (inspectionId: string, photo: string): string => `${inspectionId} ${photo}`;

/**
 * Keep `photos` of a report that is open now: those that are not here yet are fetched one after the other, and the
 * report that was opened longest ago makes room. It ends where `fetched` fails, or once `isTheirs` says that somebody
 * else has the phone.
 */
export async function keepPictures(
  owner: string,
  inspectionId: string,
  photos: readonly string[],
  { fetched, isTheirs }: { fetched: (photo: string) => Promise<Blob>; isTheirs: () => boolean },
): Promise<void> {
  const at = Date.now();
  let room = MOST_BYTES;
  for (const photo of new Set(photos)) {
    const bytes = (await pictureOf(owner, inspectionId, photo)) ?? (await fetched(photo));
    room -= bytes.size;
    // More of one report than there is room for would only drive out its first photos.
    if (!isTheirs() || room < 0) return;
    await quietly(() => put(owner, keyOf(inspectionId, photo), bytes, at));
  }
}

/** The photo, if it is kept. */
export async function pictureOf(owner: string, inspectionId: string, photo: string): Promise<Blob | undefined> {
  const kept = await quietly(async () => (await database()).get("pictures", [owner, keyOf(inspectionId, photo)]));
  return kept?.bytes;
}

/** The server says that it is not theirs to see any more. */
export async function forgetPicture(owner: string, inspectionId: string, photo: string): Promise<void> {
  await quietly(async () => (await database()).delete("pictures", [owner, keyOf(inspectionId, photo)]));
}

/** The same of the whole inspection. */
export async function forgetPictures(owner: string, inspectionId: string): Promise<void> {
  const all = IDBKeyRange.bound([owner, keyOf(inspectionId, "")], [owner, keyOf(inspectionId, "\uffff")]);
  await quietly(async () => (await database()).delete("pictures", all));
}

async function put(owner: string, what: string, bytes: Blob, at: number): Promise<void> {
  await change(["pictures"], async (work) => {
    const store = work.objectStore("pictures");
    await store.put({ owner, what, at, bytes });
    const all = await store.getAll(ofOwner(owner));
    let size = 0;
    for (const one of all.sort((a, b) => b.at - a.at)) {
      size += one.bytes.size;
      if (size > MOST_BYTES) await store.delete([owner, one.what]);
    }
  });
}
