/** The pages of a new check, each with an address of its own. All of them work without a network. */

import { one, type Route } from "$kit/routes";
import { SIGN_IN } from "../sign-in/pages";

const screens = () => import("./check-screens");

export const PAGES: readonly Route[] = [
  { path: "/new", load: one(screens, "Start") },
  { path: "/new/:id", load: one(screens, "Resume") },
  { path: "/new/:id/where", load: one(screens, "Where") },
  { path: "/new/:id/camera/:shot", load: one(screens, "CameraScreen") },
  { path: "/new/:id/photos/:photo", load: one(screens, "PhotoReview") },
  { path: "/new/:id/sort", load: one(screens, "Sort") },
  { path: "/new/:id/number", load: one(screens, "ConfirmNumber") },
  { path: "/new/:id/type", load: one(screens, "TypeNumber") },
  { path: "/new/:id/one-photo", load: one(screens, "OnePhoto") },
  { path: "/new/:id/more", load: one(screens, "MorePhotos") },
  { path: "/new/:id/worry", load: one(screens, "Worry") },
  { path: "/new/:id/advert", load: one(screens, "Advert") },
  { path: "/new/:id/check", load: one(screens, "Check") },
  // As they were called before; open apps and links may still lead here.
  { path: "/drafts/:id", load: one(screens, "Resume") },
  { path: "/drafts/:id/photos/:photo", load: one(screens, "Resume") },
  { path: "/drafts/:id/camera/:shot", load: one(screens, "Resume") },
];

/** Have all pages up to Sent there before the network is gone: whoever walks to the car may lose it. */
export function fetchAhead(): void {
  // One that does not come now is asked for again when it is opened.
  for (const { load } of [...PAGES, ...SIGN_IN]) void load().catch(() => undefined);
  void import("../../gate/judge").catch(() => undefined);
}
