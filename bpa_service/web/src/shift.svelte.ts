/** Whether we take cases now; and, while we do, a sound and a notification for each new one. */

import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import t from "$messages/shift";
import { api } from "./api/client";
import { session } from "./api/session.svelte";
import { takesCases } from "./roles";
import { tone } from "./sound.svelte";

const NEW_CASE = "case.opened";

class Shift {
  /** Since when we are on shift, null if we are not; undefined until it is known. */
  since = $state.raw<Date | null>();
  /** What kept the last change from being made. */
  error = $state.raw<unknown>();

  /** Whether people of our role take cases at all. */
  get possible(): boolean {
    return takesCases(session.me?.role);
  }

  /** Ask the server, and listen for new cases until the function that is returned is called. */
  watch(): () => void {
    if (!this.possible) return () => undefined;
    void this.look();
    return stream.listen((hint) => {
      if (hint?.kind === NEW_CASE && this.since) announce(t().fresh);
      if (hint?.subject_id === session.me?.id) void this.look();
    });
  }

  /** Whether we have cases in hand, which somebody else may have to go on with. Raises Problem or Offline. */
  async holdsCases(): Promise<boolean> {
    const { cases } = await unwrap(api.GET("/api/v1/shifts/holding"));
    return cases.length > 0;
  }

  /** Begin or end the shift. */
  async toggle(): Promise<void> {
    this.error = undefined;
    try {
      if (this.since) {
        await unwrap(api.DELETE("/api/v1/shifts/current"));
        this.since = null;
      } else {
        const { since } = await unwrap(api.PUT("/api/v1/shifts/current"));
        this.since = since ? new Date(since) : null;
      }
    } catch (error) {
      this.error = error;
    }
  }

  private async look(): Promise<void> {
    try {
      const { since } = await unwrap(api.GET("/api/v1/shifts/current"));
      this.since = since ? new Date(since) : null;
    } catch {
      // It is asked again with the next change; the banner says that there is no connection.
    }
  }
}

/** A short tone, and a notification where one is allowed and the desk is not in front. */
export function announce(what: string): void {
  tone();
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  // The tag makes many new cases one notification.
  const note = new Notification(what, { tag: NEW_CASE, icon: "/icon.svg" });
  note.onclick = () => {
    window.focus();
    note.close();
  };
}

export const shift = new Shift();
