/** A newer version of the app: offered, never forced, so that nothing that is being done is lost. */

import { follow } from "$kit/notifying/follow";

const LOOK_EVERY = 60 * 60 * 1000;

class Updates {
  /** A newer version is here and waits. */
  waiting = $state.raw<ServiceWorker>();
  /** How to have the app put on the home screen, where the browser offers it. */
  install = $state.raw<InstallPrompt>();

  watch(): void {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.install = event as InstallPrompt;
    });
    addEventListener("appinstalled", () => (this.install = undefined));
    if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
    follow();
    let taken = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      // Only after `take`: the first worker of all takes over by itself, and needs no reload.
      if (taken) location.reload();
    });
    this.take = () => {
      taken = true;
      this.waiting?.postMessage("take over");
    };
    void this.register();
  }

  /** Use the newer version now. Drafts and photos are on the disk and stay. */
  take: () => void = () => undefined;

  private async register(): Promise<void> {
    try {
      const registration = await navigator.serviceWorker.register("/sw.js");
      const look = (): void => {
        if (registration.waiting && navigator.serviceWorker.controller) this.waiting = registration.waiting;
      };
      // An installed app is not loaded anew for days, and the browser looks only when it is.
      const ask = (): void => void registration.update().catch(() => undefined);
      setInterval(ask, LOOK_EVERY);
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", look);
      });
      look();
    } catch {
      // Private windows and full disks: the app works without, only not offline.
    }
  }
}

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

export const updates = new Updates();
