/** The pages of an inspection, under its own. */

import type { Route } from "$kit/routes";

export const OF_AN_INSPECTION: readonly Route[] = [
  { path: "/inspections/:id/photos", mine: true, load: () => import("./PhotosScreen.svelte") },
  { path: "/inspections/:id/messages", mine: true, load: () => import("./MessagesScreen.svelte") },
  { path: "/inspections/:id/more", mine: true, load: () => import("./MoreScreen.svelte") },
  { path: "/inspections/:id/yard", mine: true, load: () => import("../yard/GiveScreen.svelte") },
  { path: "/inspections/:id/dispute", mine: true, load: () => import("../dispute/DisputeScreen.svelte") },
  { path: "/inspections/:id/changes", mine: true, load: () => import("../dispute/ChangesScreen.svelte") },
  { path: "/inspections/:id/outcome", mine: true, load: () => import("../afterwards/OutcomeScreen.svelte") },
  { path: "/inspections/:id/findings/:n", mine: true, load: () => import("./FindingScreen.svelte") },
  { path: "/inspections/:id/questions/:task", mine: true, load: () => import("../clarification/Clarification.svelte") },
  { path: "/inspections/:id/questions/:task/cannot", mine: true, load: () => import("../clarification/Cannot.svelte") },
  // As letters of earlier days link to it.
  { path: "/inspections/:id/info-tasks/:task", mine: true, load: () => import("../clarification/Clarification.svelte") },
];
