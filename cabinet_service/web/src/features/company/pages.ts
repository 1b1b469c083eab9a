/** Companies: one's own, running one, and coming into one by an invitation. */

import type { Route } from "$kit/routes";

export const COMPANIES: readonly Route[] = [
  { path: "/company", mine: true, load: () => import("./CompaniesScreen.svelte") },
  { path: "/company/:id", mine: true, load: () => import("./CompanyScreen.svelte") },
  // Which invitation it is stands behind the #, which no server is told.
  { path: "/join", load: () => import("./JoinScreen.svelte") },
];
