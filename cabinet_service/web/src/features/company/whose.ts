/** Whose phone it is: as long as the server has not said, it is believed to be whose it was last. */

import { remembered } from "../../api/remembered";
import { session } from "../../api/session.svelte";

export function whose(): string | undefined {
  return session.me === undefined ? remembered()?.account.id : session.account;
}
