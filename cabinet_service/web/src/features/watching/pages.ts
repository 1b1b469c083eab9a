/** Cars that one watches. */

import type { Route } from "$kit/routes";

export const WATCHES: readonly Route[] = [{ path: "/watches", mine: true, load: () => import("./WatchesScreen.svelte") }];
