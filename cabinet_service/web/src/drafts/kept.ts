/**
 * What the server told an account last, kept on the phone to be read where there is no network. It is a copy: what
 * goes wrong with it is not worth an error. What the person made is kept beside it (`keepOwn`), and is.
 */

import { change, database, type Kept } from "./database";

const MOST = 50;

/** All that is kept of `owner`. */
export function ofOwner(owner: string): IDBKeyRange {
  return IDBKeyRange.bound([owner, ""], [owner, "\uffff"]);
}

/** Keep what was `told` of `what`, in place of what was told before; the oldest goes where there is too much. */
export async function keep(owner: string, what: string, told: unknown): Promise<void> {
  const put = change(["kept"], async (work) => {
    const store = work.objectStore("kept");
    await store.put({ owner, what, at: Date.now(), told });
    const all = await store.getAll(ofOwner(owner));
    const copies = all.filter(({ own }) => !own);
    const old = copies.sort((one, other) => other.at - one.at).slice(MOST);
    for (const one of old) await store.delete([owner, one.what]);
  });
  await quietly(() => put);
}

/** Keep what the person made and the server has not: until it is forgotten. Raises as `change` does. */
export async function keepOwn(owner: string, what: string, told: unknown): Promise<void> {
  await change(["kept"], (work) => work.objectStore("kept").put({ owner, what, at: Date.now(), told, own: true }));
}

export function recall(owner: string, what: string): Promise<Kept | undefined> {
  return quietly(async () => (await database()).get("kept", [owner, what]));
}

/** The server says that it is gone, or the person is done with it. */
export async function forget(owner: string, what: string): Promise<void> {
  await quietly(async () => (await database()).delete("kept", [owner, what]));
}

/** Do it; nothing, where the phone cannot. */
export async function quietly<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return undefined;
  }
}
