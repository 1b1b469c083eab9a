/** The pages of a new check, each with an address of its own. All of them work without a network. */

import type { Route } from "$kit/routes";
import { SIGN_IN } from "../sign-in/pages";

export const PAGES: readonly Route[] = [
  { path: "/new", load: () => import("./Start.svelte") },
  { path: "/new/:id", load: () => import("./Resume.svelte") },
  { path: "/new/:id/where", load: () => import("./Where.svelte") },
  { path: "/new/:id/camera/:shot", load: () => import("../camera/CameraScreen.svelte") },
  { path: "/new/:id/photos/:photo", load: () => import("./PhotoReview.svelte") },
  { path: "/new/:id/sort", load: () => import("./Sort.svelte") },
  { path: "/new/:id/number", load: () => import("./ConfirmNumber.svelte") },
  { path: "/new/:id/type", load: () => import("./TypeNumber.svelte") },
  { path: "/new/:id/one-photo", load: () => import("./OnePhoto.svelte") },
  { path: "/new/:id/more", load: () => import("./MorePhotos.svelte") },
  { path: "/new/:id/worry", load: () => import("./Worry.svelte") },
  { path: "/new/:id/advert", load: () => import("./Advert.svelte") },
  { path: "/new/:id/check", load: () => import("./Check.svelte") },
  // As they were called before; open apps and links may still lead here.
  { path: "/drafts/:id", load: () => import("./Resume.svelte") },
  { path: "/drafts/:id/photos/:photo", load: () => import("./Resume.svelte") },
  { path: "/drafts/:id/camera/:shot", load: () => import("./Resume.svelte") },
];

/** Have all pages up to Sent there before the network is gone: whoever walks to the car may lose it. */
export function fetchAhead(): void {
  // One that does not come now is asked for again when it is opened.
  for (const { load } of [...PAGES, ...SIGN_IN]) void load().catch(() => undefined);
  void import("../../gate/judge").catch(() => undefined);
}
