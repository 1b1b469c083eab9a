/** The pages of signing in, each with one question and an address of its own. */

import { one, type Route } from "$kit/routes";

const screens = () => import("./sign-in-screens");

export const SIGN_IN: readonly Route[] = [
  { path: "/sign-in", load: one(screens, "Contact") },
  { path: "/sign-in/code", load: one(screens, "Code") },
  { path: "/sign-in/consent", load: one(screens, "Consent") },
  { path: "/sign-in/link", load: one(screens, "Link") },
];
