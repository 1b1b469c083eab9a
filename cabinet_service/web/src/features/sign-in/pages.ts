/** The pages of signing in, each with one question and an address of its own. */

import type { Route } from "$kit/routes";

export const SIGN_IN: readonly Route[] = [
  { path: "/sign-in", load: () => import("./Contact.svelte") },
  { path: "/sign-in/code", load: () => import("./Code.svelte") },
  { path: "/sign-in/consent", load: () => import("./Consent.svelte") },
  { path: "/sign-in/link", load: () => import("./Link.svelte") },
];
