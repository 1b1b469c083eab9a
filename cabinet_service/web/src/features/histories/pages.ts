/** Histories by a number, without an inspection. */

import { one, type Route } from "$kit/routes";

const screens = () => import("./history-screens");

export const HISTORIES: readonly Route[] = [
  { path: "/histories", mine: true, load: one(screens, "HistoriesScreen") },
  { path: "/histories/:id", mine: true, load: one(screens, "HistoryScreen") },
  { path: "/histories/:id/shares", mine: true, load: () => import("./HistorySharesScreen.svelte") },
];
