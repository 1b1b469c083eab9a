/** What your server does with a webhook. `body` is what came, as text, before anything parsed it. */

import { Webhook, WebhookVerificationError } from "standardwebhooks";

export interface Notice {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly inspection_id?: string; readonly sequence?: number };
}

/** The ids of what was taken: in your database, for 30 days. Kept here, it is forgotten with the process. */
const taken = new Set<string>();

/** The status to answer with within 10 seconds, and what there is to do afterwards. */
export function take(body: string, headers: Record<string, string>, secret: string): [status: number, notice?: Notice] {
  let notice: Notice;
  try {
    // The signature, and that it is no older than five minutes.
    notice = new Webhook(secret).verify(body, headers) as Notice;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return [400];
    throw error;
  }
  if (taken.has(notice.id)) return [204]; // sent once more: it is the same
  taken.add(notice.id);
  return [204, notice];
}
