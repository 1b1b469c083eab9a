/** Wishes for a fresh look: several at once are one, and each is granted by a look that began after it. */

/**
 * `look` as one may call it at any time. While a look is on its way another wish has one more follow it. The promise
 * is kept once nothing that was wished for is outstanding.
 */
export function coalesced(look: () => Promise<void>): () => Promise<void> {
  let again = false;
  let looking: Promise<void> | undefined;

  async function everything(): Promise<void> {
    do {
      again = false;
      await look();
    } while (again);
  }

  return () => {
    if (looking) again = true;
    looking ??= everything().finally(() => (looking = undefined));
    return looking;
  };
}
