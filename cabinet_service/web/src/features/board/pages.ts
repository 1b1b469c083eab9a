/** What the checks of a company wait for. */

import type { Route } from "$kit/routes";
import { wide } from "../company/wide";

export const BOARD: readonly Route[] = [
  { path: "/company/:id/board", mine: true, load: wide(() => import("./BoardScreen.svelte")) },
];
