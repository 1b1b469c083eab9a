/** Reports, for whoever sees the inspection and for whoever was shown one; and whether one is genuine. */

import { one, type Route } from "$kit/routes";

export const REPORTS: readonly Route[] = [
  { path: "/inspections/:id/report", mine: true, load: one(() => import("../inspection/answer-screens"), "ReportScreen") },
  { path: "/inspections/:id/shares", mine: true, load: () => import("./SharesScreen.svelte") },
  { path: "/verify", load: () => import("./VerifyScreen.svelte") },
  { path: "/verify/:code", load: () => import("./VerifyScreen.svelte") },
  // What link it is stands behind the #, which no server is told.
  { path: "/report", load: () => import("./SharedScreen.svelte") },
];
