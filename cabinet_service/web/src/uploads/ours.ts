import { account } from "$kit/api/http";
import { drafts } from "../drafts/drafts.svelte";

/** Whether what is sent now would go out in the name of those whose it is. */
export function isOurs(): boolean {
  return account() !== undefined && account() === drafts.account;
}
