/** One inspection on the screen: fetched, and fetched again whenever the server says that it changed. */

import { api, type Inspection, type Schemas } from "../../api/client";
import { unwrap } from "$kit/api/unwrap";
import { stream } from "$kit/api/stream.svelte";
import { coalesced } from "$kit/coalesce";
import { Problem } from "$kit/api/problem";
import { session } from "../../api/session.svelte";
import { forget, keep, recall } from "../../drafts/kept";

type ClockOut = Schemas["ClockOut"];
export type Entry = Schemas["TimelineEntryOut"];
export type Message = Schemas["MessageOut"];

// On a bad line it takes long to know that there is none.
const SOON = 3_000;

/** What is kept of an inspection on the phone. */
interface Told {
  inspection: Inspection;
  clock: ClockOut | undefined;
  entries: readonly Entry[];
  messages: readonly Message[];
}

export class Watched {
  inspection = $state.raw<Inspection>();
  clock = $state.raw<ClockOut>();
  entries = $state.raw<readonly Entry[]>([]);
  messages = $state.raw<readonly Message[]>([]);
  /** When what is shown was true. */
  asOf = $state.raw<Date>();
  /** Whether what is shown is what was kept on the phone. */
  isOld = $state(false);
  /** What kept the newest attempt to look from succeeding. */
  error = $state.raw<unknown>();
  /** The server's time less this phone's, in milliseconds: the phone's clock may be wrong by a day. */
  private ahead = 0;

  /** Whose it is. */
  readonly account = session.account;

  constructor(readonly id: string) {}

  /** The server's time. */
  now(): number {
    return Date.now() + this.ahead;
  }

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    const timer = setTimeout(() => void this.recall(), SOON);
    const deaf = stream.listen((hint) => {
      if (!hint || hint.subject_id === this.id) void this.look();
    });
    return () => {
      clearTimeout(timer);
      deaf();
    };
  }

  /** Look once more. */
  readonly look = coalesced(() => this.fetch());

  /** Show what was told before, where nothing is shown yet. */
  private async recall(): Promise<void> {
    const whose = session.account;
    const kept = whose === undefined || this.inspection ? undefined : await recall(whose, this.id);
    if (!kept || this.inspection || session.account !== whose) return;
    const { inspection, clock, entries, messages } = kept.told as Told;
    [this.inspection, this.clock, this.entries, this.messages] = [inspection, clock, entries, messages];
    this.asOf = new Date(kept.at);
    this.isOld = true;
  }

  private async fetch(): Promise<void> {
    const whose = session.account;
    const path = { inspection_id: this.id };
    const params = { path, query: { limit: 200 } };
    try {
      const [inspection, timeline, messages] = await Promise.all([
        unwrap(api.GET("/api/v1/inspections/{inspection_id}", { params: { path } })),
        unwrap(api.GET("/api/v1/inspections/{inspection_id}/timeline", { params })),
        unwrap(api.GET("/api/v1/inspections/{inspection_id}/messages", { params })),
      ]);
      if (inspection.clock) {
        this.clock = await unwrap(api.GET("/api/v1/inspections/{inspection_id}/clock", { params: { path } }));
        this.ahead = Date.parse(this.clock.reckoning.at) - Date.now();
      }
      this.inspection = inspection;
      this.entries = timeline.items;
      this.messages = messages.items;
      this.asOf = new Date();
      this.isOld = false;
      this.error = undefined;
      const { clock, entries } = this;
      const now: Told = { inspection, clock, entries, messages: messages.items };
      if (whose !== undefined && session.account === whose) await keep(whose, this.id, now);
    } catch (error) {
      const isGone = error instanceof Problem && error.status === 404;
      if (isGone && whose !== undefined) await forget(whose, this.id);
      else await this.recall();
      this.error = error;
    }
  }
}

let last: Watched | undefined;

/** The inspection, as the page before showed it if that was of the same one: then it is there at once. */
export function watchedOf(id: string): Watched {
  if (last?.id !== id || last.account !== session.account) last = new Watched(id);
  return last;
}
