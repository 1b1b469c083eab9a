/** What the client was told. */

import type { Schemas } from "../../api/client";
import { News } from "$kit/notifying/news.svelte";
import { renew } from "$kit/notifying/push";

export type Told = Schemas["NotificationOut"];

export const news = new News<Told>({
  subjects: ["inspection_id", "history_id"],
  isOver: (one) => one.state === "withdrawn",
  isNews: () => true, // every hint is about one's own checks and histories
});

/** Keep the news fresh, and this browser told, until the function that is returned is called. */
export function begin(): () => void {
  void renew().catch(() => undefined); // it is tried again at the next start
  return news.watch();
}
