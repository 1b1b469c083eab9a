/**
 * Offline: the app opens without a network, from the files of its version. The API is never answered from here.
 * A newer version waits until the person takes it (`updates.svelte.ts`).
 */

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: { url: string; revision: string | null }[];

const NOT_PAGES = ["/api/", "/internal/", "/signed/", "/dev/", "/docs", "/livez", "/readyz", "/metrics"];

precacheAndRoute(__PRECACHE__);
cleanupOutdatedCaches();
const page = createHandlerBoundToURL("/index.html");

self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && !NOT_PAGES.some((start) => url.pathname.startsWith(start))) {
    event.respondWith(page({ event, request, url }));
  }
});
