/** The bytes of a photo as this phone keeps them. */

import { database } from "../drafts/database";

/** They cannot be read any more: the photo has to be taken again. It says nothing about any other. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

// As an engine says that the database itself is not to be had at this moment.
const PASSES = new Set(["InvalidStateError", "AbortError", "TransactionInactiveError"]);

/** The original, once it could be read to its end. Raises Unreadable. */
export async function originalOf(photoId: string): Promise<Blob> {
  const file = await read(async () => (await database()).get("files", photoId));
  if (!file?.original) throw new Unreadable("gone");
  return file.original;
}

/** What `act` reads from the disk. Raises Unreadable. */
export async function read<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (!(cause instanceof DOMException) || PASSES.has(cause.name)) throw cause;
    throw new Unreadable(cause.name, { cause });
  }
}
