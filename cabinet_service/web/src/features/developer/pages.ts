/** What programs of companies work with, for who manages a company. */

import type { Route } from "$kit/routes";

export const DEVELOPER: readonly Route[] = [
  { path: "/developer", mine: true, load: () => import("./Developer.svelte") },
  { path: "/developer/requests", mine: true, load: () => import("./RequestsScreen.svelte") },
  { path: "/developer/webhooks", mine: true, load: () => import("./WebhooksScreen.svelte") },
];
