/** Histories by a number, without an inspection. */

import type { Route } from "$kit/routes";

export const HISTORIES: readonly Route[] = [
  { path: "/histories", mine: true, load: () => import("./HistoriesScreen.svelte") },
  { path: "/histories/:id", mine: true, load: () => import("./HistoryScreen.svelte") },
  { path: "/histories/:id/shares", mine: true, load: () => import("./HistorySharesScreen.svelte") },
];
