/** The pages of an inspection, under its own. */

import { one, type Route } from "$kit/routes";

const screens = () => import("./answer-screens");

export const OF_AN_INSPECTION: readonly Route[] = [
  { path: "/inspections/:id/photos", mine: true, load: one(screens, "PhotosScreen") },
  { path: "/inspections/:id/messages", mine: true, load: one(screens, "MessagesScreen") },
  { path: "/inspections/:id/more", mine: true, load: one(screens, "MoreScreen") },
  { path: "/inspections/:id/yard", mine: true, load: () => import("../yard/GiveScreen.svelte") },
  { path: "/inspections/:id/dispute", mine: true, load: one(screens, "DisputeScreen") },
  { path: "/inspections/:id/changes", mine: true, load: one(screens, "ChangesScreen") },
  { path: "/inspections/:id/outcome", mine: true, load: one(screens, "OutcomeScreen") },
  { path: "/inspections/:id/findings/:n", mine: true, load: one(screens, "FindingScreen") },
  { path: "/inspections/:id/questions/:task", mine: true, load: one(screens, "Clarification") },
  { path: "/inspections/:id/questions/:task/cannot", mine: true, load: one(screens, "Cannot") },
  // As letters of earlier days link to it.
  { path: "/inspections/:id/info-tasks/:task", mine: true, load: one(screens, "Clarification") },
];
