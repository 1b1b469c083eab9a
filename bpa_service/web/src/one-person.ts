/**
 * A session is the browser's, and not a tab's: whoever signs in in one tab has signed in in all of them. So the others
 * look again who is here, before anything is done in the wrong name.
 */

import { session } from "./api/session.svelte";
import { sweep } from "./kept.svelte";

const KEPT_AS = "signed in";

/** Say who is here, and hear of it, until the function that is returned is called. */
export function saySo(id: string): () => void {
  sweep();
  localStorage.setItem(KEPT_AS, id);
  const heard = ({ key, newValue }: StorageEvent): void => {
    if (key === KEPT_AS && newValue !== id) void session.look();
  };
  addEventListener("storage", heard);
  return () => removeEventListener("storage", heard);
}
