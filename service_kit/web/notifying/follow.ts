import { router } from "../router.svelte";
import type { ToPage } from "./to-page";

/** Go where the notification leads that somebody taps, and tell the worker where one is: its own record may be old. */
export function follow(): void {
  navigator.serviceWorker.addEventListener("message", ({ data, ports: [port] }: MessageEvent<ToPage>) => {
    if (data.what === "go" && data.path !== router.path) router.go(data.path);
    port?.postMessage(router.path);
  });
}
