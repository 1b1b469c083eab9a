/**
 * The service worker's part in telling people: what is pushed is shown, and whoever taps it is led to where it says.
 * A newer message about the same page takes the place of the older one.
 */

import { ANSWERED_WITHIN, type ToPage } from "./to-page";

interface Pushed {
  title: string;
  /** Where it leads, an address of this app. */
  path: string;
  /** Where to say that it was shown; those of before had none. */
  receipt?: string;
}

/** Show what is pushed to `worker`, with `icon` beside it. */
export function showPushed(worker: ServiceWorkerGlobalScope, icon: string): void {
  worker.addEventListener("push", (event) => {
    const pushed = event.data?.json() as Pushed | undefined;
    if (pushed) event.waitUntil(show(worker, pushed, icon).then(() => confirm(pushed)));
  });
  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(lead(worker, (event.notification.data as Pushed).path));
  });
}

async function show(worker: ServiceWorkerGlobalScope, { title, path }: Pushed, icon: string): Promise<void> {
  const open = await windowsOf(worker);
  const places = await Promise.all(open.map((one) => answerOf(one, { what: "told" })));
  if (open.some((one, at) => one.visibilityState === "visible" && places[at] === path)) return;
  const { navigator } = worker;
  // How many there are only the app knows; that there is something, the icon can say already.
  if (!open.length && "setAppBadge" in navigator) await navigator.setAppBadge().catch(() => undefined);
  // Said anew though the place is an older one's: this is news, too.
  const options = { tag: path, renotify: true, data: { path }, icon, badge: icon };
  await worker.registration.showNotification(title, options);
}

/** Tell the service; whoever is signed in here is nothing to it. It gets on without: nothing waits for that. */
async function confirm({ receipt }: Pushed): Promise<void> {
  if (receipt) await fetch(receipt, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => undefined);
}

/** To `path`, in a window that is open if there is one. */
async function lead(worker: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const open = await windowsOf(worker);
  const places = await Promise.all(open.map((one) => answerOf(one, { what: "where" })));
  const best = open[places.indexOf(path)] ?? open.find((one) => one.visibilityState === "visible") ?? open[0];
  // Browsers refuse it where the tap is too long ago: then a window is opened, if they allow that.
  const focused = await best?.focus().catch(() => undefined);
  // One that hangs, or is of old, does not go there.
  if (!focused || (await answerOf(focused, { what: "go", path })) === undefined) await worker.clients.openWindow(path);
}

/** Where the page says that it is; nothing where it does not answer. */
function answerOf(page: WindowClient, message: ToPage): Promise<string | undefined> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((answer) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => answer(data);
    setTimeout(() => answer(undefined), ANSWERED_WITHIN);
    page.postMessage(message, [port2]);
  });
}

function windowsOf(worker: ServiceWorkerGlobalScope): Promise<readonly WindowClient[]> {
  return worker.clients.matchAll({ type: "window", includeUncontrolled: true });
}
