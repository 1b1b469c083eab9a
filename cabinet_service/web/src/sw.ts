/**
 * Offline: the app opens without a network, from the files of its version. The API is never answered from here.
 * A newer version waits until the person takes it (`updates.svelte.ts`). Photos that another app shares are kept
 * here and never sent by it. What is pushed is shown.
 */

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { showPushed } from "../../../service_kit/web/notifying/worker";
import { keepShared } from "./sharing/shared";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: { url: string; revision: string | null }[];

const NOT_PAGES = ["/api/", "/internal/", "/signed/", "/dev/", "/developers", "/docs", "/livez", "/readyz", "/metrics"];

precacheAndRoute(__PRECACHE__);
cleanupOutdatedCaches();
const page = createHandlerBoundToURL("/index.html");

showPushed(self, "/icon-192.png");

self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && !NOT_PAGES.some((start) => url.pathname.startsWith(start))) {
    event.respondWith(isShare(request, url) ? taken(request) : page({ event, request, url }));
  }
});

function isShare(request: Request, url: URL): boolean {
  return request.method === "POST" && url.pathname === "/shared";
}

async function taken(request: Request): Promise<Response> {
  try {
    await keepShared(await request.formData());
    return Response.redirect("/shared", 303);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return Response.redirect("/shared?full", 303);
  }
}
