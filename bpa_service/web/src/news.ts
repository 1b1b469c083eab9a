/** What an expert was told. */

import { News } from "$kit/notifying/news.svelte";
import type { Schemas } from "./api/client";
import { came } from "./sound.svelte";

export type Told = Schemas["NotificationOut"];

/** Kinds of live hints with which somebody may have been told something, or is called no more (notifications/kinds.py). */
const NEWS = new Set([
  "case.opened",
  "case.released",
  "case.lease_lost",
  "case.claim_late",
  "case.claimed",
  "case.dispute_opened",
  "case.message_received",
  "case.info_task_fulfilled",
  "case.info_task_declined",
  "case.second_opinion_asked",
  "case.second_opinion_given",
  "case.reassigned",
  "sla.at_risk_50",
  "sla.at_risk_75",
  "sla.at_risk_90",
  "sla.breached",
]);

export const news = new News<Told>({
  subjects: ["case_id"],
  isOver: (one) => one.withdrawn_at !== null,
  isNews: ({ kind }) => NEWS.has(kind),
  came: () => came(),
});
