/** Who has which case on their screen, so that nobody works beside somebody else without knowing it. */

import { stream } from "$kit/api/stream.svelte";
import { newId, unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api } from "./api/client";
import { session } from "./api/session.svelte";
import { PRESENCE_CHANGED } from "./hints";

const SIGN_EVERY = 20_000;

class Presence {
  private here = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());

  /** The others who have the case open, by name. */
  at(caseId: string): readonly string[] {
    return this.here.get(caseId) ?? [];
  }

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    // Who left without a word is told of by nobody.
    const timer = setInterval(() => void this.look(), 2 * SIGN_EVERY);
    const off = stream.listen((hint) => {
      if (!hint || hint.kind === PRESENCE_CHANGED) void this.look();
    });
    return () => {
      clearInterval(timer);
      off();
    };
  }

  /** Have a case on the screen until the function that is returned is called. */
  appear(caseId: string): () => void {
    // A sign that is on its way when one leaves may come after that: the server knows by the visit that it is over.
    const params = { path: { case_id: caseId }, query: { visit: newId() } };
    // A sign that is lost is followed by the next one.
    const sign = (): void => void unwrap(api.PUT("/api/v1/cases/{case_id}/presence", { params })).catch(() => undefined);
    const leave = (): void =>
      void unwrap(api.DELETE("/api/v1/cases/{case_id}/presence", { params, keepalive: true })).catch(() => undefined);
    // Come back to from another page it is another visit.
    const again = (event: PageTransitionEvent): void => {
      if (!event.persisted) return;
      params.query.visit = newId();
      sign();
    };
    sign();
    const timer = setInterval(sign, SIGN_EVERY);
    addEventListener("pagehide", leave);
    addEventListener("pageshow", again);
    return () => {
      clearInterval(timer);
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", again);
      leave();
    };
  }

  /** Coalesced, so that no older answer takes the place of a newer one. */
  private readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    try {
      const { items } = await unwrap(api.GET("/api/v1/presence"));
      const here = new Map<string, string[]>();
      for (const { case_id, expert } of items) {
        if (expert.expert_id === session.me?.id) continue;
        here.set(case_id, [...(here.get(case_id) ?? []), expert.display_name]);
      }
      this.here = here;
    } catch {
      // The banner says that there is no connection; what was known stays.
    }
  }
}

export const presence = new Presence();
