/** What is pushed is shown, also where no desk is open. Nothing is kept for offline use: a desk works with a line. */

import { showPushed } from "../../../service_kit/web/notifying/worker";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
showPushed(self, "/icon-192.png");
