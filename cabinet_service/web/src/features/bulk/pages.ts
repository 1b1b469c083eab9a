/** Many cars at once, for whoever works for a company: a list is read and ordered, and what became of each row. */

import type { Route } from "$kit/routes";
import { wide } from "../company/wide";

export const BULK: readonly Route[] = [
  { path: "/bulk", mine: true, load: wide(() => import("./BulkScreen.svelte")) },
  { path: "/bulk/:id", mine: true, load: wide(() => import("./JobScreen.svelte")) },
];
