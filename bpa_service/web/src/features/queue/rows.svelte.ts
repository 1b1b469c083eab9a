/**
 * The queue as this desk has it, on whatever screen one is: as many rows as were scrolled to, fetched again whenever a
 * case changed, and in what order somebody wants to see them.
 */

import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type QueueRow, type View } from "../../api/client";
import { isOfCase } from "../../hints";
import { arranged } from "./arranged.svelte";
import { away } from "./away.svelte";
import { chosenRows, type Filter } from "./filter";

const PAGE = 200; // the most that the server gives at once
const PAUSE = 300;
/** Looks take at most this part of the time: many thousands of rows are looked at less often. */
const SHARE = 4;

class Rows {
  all = $state.raw<readonly QueueRow[]>([]);
  view = $state<View>("open");
  filter = $state<Filter>({ view: "open", text: "", order: "left" });
  /** How many cases each view has. */
  counts = $state.raw<Readonly<Record<View, number>>>();
  /** Whether there are more than these. */
  more = $state(false);
  /** When these were true. */
  asOf = $state.raw<Date>();
  error = $state.raw<unknown>();
  /** The server's time less this desk's, in milliseconds. */
  private ahead = 0;
  private wanted = PAGE;
  /** How long the newest look took, in milliseconds. */
  private took = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** The server's time. */
  now(): number {
    return Date.now() + this.ahead;
  }

  /** As one goes through them: what was searched for is only looked up. */
  get inOrder(): readonly QueueRow[] {
    return chosenRows(this.all, { ...this.filter, text: "" }, arranged.ids);
  }

  /** Keep them fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    const turned = (): void => {
      if (document.hidden) away.leave(this.all, this.view);
      else void this.look().then(() => away.comeBack(this.all, this.view));
    };
    document.addEventListener("visibilitychange", turned);
    const off = stream.listen((hint) => {
      if (hint && !isOfCase(hint)) return;
      // A burst of changes is one look.
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.look(), hint ? Math.max(PAUSE, SHARE * this.took) : 0);
    });
    return () => {
      clearTimeout(this.timer);
      document.removeEventListener("visibilitychange", turned);
      off();
      // Whoever comes next has a queue of their own.
      this.all = [];
      this.asOf = undefined;
    };
  }

  show(view: View): void {
    this.view = view;
    this.all = [];
    this.asOf = undefined;
    this.wanted = PAGE;
    void this.look();
  }

  /** The end of what is here is near: have more. */
  reach(): void {
    if (!this.more || this.wanted > this.all.length) return;
    this.wanted = this.all.length + PAGE;
    void this.look();
  }

  readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    const { view, wanted } = this;
    const begun = performance.now();
    const found: QueueRow[] = [];
    void this.count();
    try {
      let cursor: string | null | undefined;
      do {
        const query = { view, limit: PAGE, ...(cursor ? { cursor } : {}) };
        const page = await unwrap(api.GET("/api/v1/queue", { params: { query } }));
        found.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor && found.length < wanted && this.view === view);
      if (this.view !== view) return;
      const [first] = found;
      if (first) this.ahead = Date.parse(first.reckoning.at) - Date.now();
      this.all = found;
      this.more = Boolean(cursor);
      this.asOf = new Date();
      this.took = performance.now() - begun;
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  }

  /** Views without a number say no less than before, so nothing is said where it cannot be had. */
  private async count(): Promise<void> {
    try {
      this.counts = (await unwrap(api.GET("/api/v1/queue/counts"))).counts as Record<View, number>;
    } catch {
      this.counts = undefined;
    }
  }
}

export const rows = new Rows();
