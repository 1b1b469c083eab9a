/** Which address is which screen, of those at which few begin: loaded by whoever comes to one. */

import type { Route } from "$kit/routes";
import { BOARD } from "./features/board/pages";
import { BULK } from "./features/bulk/pages";
import { COMPANIES } from "./features/company/pages";
import { HISTORIES } from "./features/histories/pages";
import { DEVELOPER } from "./features/developer/pages";
import { OF_AN_INSPECTION } from "./features/inspection/pages";
import { REPORTS } from "./features/report/pages";
import { WATCHES } from "./features/watching/pages";

const MORE: readonly Route[] = [
  ...OF_AN_INSPECTION,
  ...REPORTS,
  ...COMPANIES,
  ...BULK,
  ...BOARD,
  ...HISTORIES,
  ...WATCHES,
  ...DEVELOPER,
  { path: "/example", load: () => import("./features/home/ExampleAnswer.svelte") },
  // As the manifest has other apps share photos.
  { path: "/shared", load: () => import("./features/sharing/Sharing.svelte") },
  { path: "/outbox", load: () => import("./features/outbox/Outbox.svelte") },
  { path: "/help", load: () => import("./features/help/Help.svelte") },
  { path: "/notifications", mine: true, load: () => import("./features/notifications/Notifications.svelte") },
  { path: "/profile", mine: true, load: () => import("./features/profile/Profile.svelte") },
];

export default MORE;
