/**
 * How somebody has arranged the queue: cases that they put off for a few minutes, and views that they named. The
 * server keeps it, so it is the same on each of their devices and for nobody else.
 */

import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type Schemas } from "../../api/client";
import { Changeable } from "../../changeable.svelte";
import { ARRANGED } from "../../hints";
import { session } from "../../api/session.svelte";
import type { Filter } from "./filter";

export type KeptView = Schemas["KeptViewOut"];

class Arranged extends Changeable {
  views = $state.raw<readonly KeptView[]>([]);
  /** Cases that are put off, and until when by this desk's clock. */
  private away = $state.raw<ReadonlyMap<string, number>>(new Map());

  /** The cases that are put off now. */
  get ids(): ReadonlySet<string> {
    return new Set(this.away.keys());
  }

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    const off = stream.listen((hint) => {
      if (!hint || (hint.kind === ARRANGED && hint.subject_id === session.me?.id)) void this.look();
    });
    return () => {
      off();
      // Whoever comes next has arranged it otherwise.
      this.views = [];
      this.away = new Map();
    };
  }

  override readonly look = coalesced(() => this.fetch());

  /** Put a case off: away at once, and back if the server could not be told. */
  async snooze(caseId: string): Promise<void> {
    this.away = new Map([...this.away, [caseId, Infinity]]);
    await this.change(() => unwrap(api.PUT("/api/v1/queue/arrangement/snoozed/{case_id}", { params: { path: { case_id: caseId } } })));
  }

  async wakeAll(): Promise<void> {
    this.away = new Map();
    await this.change(() => unwrap(api.DELETE("/api/v1/queue/arrangement/snoozed")));
  }

  /** Let those come back whose time has come. */
  wake(): void {
    const still = [...this.away].filter(([, until]) => until > Date.now());
    if (still.length < this.away.size) this.away = new Map(still);
  }

  /** Keep what is seen under a name, in place of what had it. Returns whether it is kept. */
  keep(name: string, filter: Filter): Promise<boolean> {
    return this.change(() => unwrap(api.PUT("/api/v1/queue/arrangement/views", { body: { name, ...filter } })));
  }

  drop(name: string): Promise<boolean> {
    return this.change(() => unwrap(api.DELETE("/api/v1/queue/arrangement/views", { params: { query: { name } } })));
  }

  private async fetch(): Promise<void> {
    try {
      const { at, snoozed, views } = await unwrap(api.GET("/api/v1/queue/arrangement"));
      const ahead = Date.parse(at) - Date.now();
      this.away = new Map(snoozed.map((one) => [one.case_id, Date.parse(one.until) - ahead]));
      this.views = views;
    } catch {
      // What is not known to be put off is shown, and the banner says that there is no connection.
      this.away = new Map([...this.away].filter(([, until]) => until !== Infinity));
    }
  }
}

export const arranged = new Arranged();
