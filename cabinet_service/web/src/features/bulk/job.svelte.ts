/** A job on the screen: followed while it runs, and kept on the phone as it was told last. */

import { stream } from "$kit/api/stream.svelte";
import { Problem } from "$kit/api/problem";
import { coalesced } from "$kit/coalesce";
import { forget, keep, recall } from "../../drafts/kept";
import { whose } from "../company/whose";
import { job, rowsOf, type Job, type JobRow } from "./bulk";

/** How soon it is asked again how far it is, in milliseconds; after what failed twice as late each time, up to the most. */
const PAUSE = 2_000;
const MOST_PAUSE = 60_000;

interface Told {
  job: Job;
  pages: readonly (readonly JobRow[])[];
}

export class WatchedJob {
  job = $state.raw<Job>();
  /** Its rows, a page of the server each. */
  private pages = $state.raw<readonly (readonly JobRow[])[]>([]);
  readonly rows = $derived(this.pages.flat());
  /** When what is shown was true; set where it is what was kept on the phone. */
  asOf = $state.raw<Date>();
  error = $state.raw<unknown>();
  private cursors: (string | null)[] = [null];
  private later: ReturnType<typeof setTimeout> | undefined;
  private watched = false;
  /** How often in a row it could not be told. */
  private failures = 0;

  constructor(readonly id: string) {}

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    this.watched = true;
    void this.look();
    const deaf = stream.listen((hint) => {
      if (!hint || hint.subject_id === this.id) void this.look();
    });
    return () => {
      this.watched = false;
      clearTimeout(this.later);
      deaf();
    };
  }

  readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    clearTimeout(this.later);
    const owner = whose();
    try {
      const now = await job(this.id);
      await this.fetchRows(now);
      this.job = now;
      this.error = this.asOf = undefined;
      this.failures = 0;
      if (owner !== undefined) await keep(owner, this.keptAs, { job: now, pages: this.pages } satisfies Told);
    } catch (error) {
      this.error = error;
      this.failures += 1;
      if (this.isGone && owner !== undefined) await forget(owner, this.keptAs);
      else await this.recall();
    }
    // Without a network it goes on by itself all the same: it is asked until it is done, or gone.
    if (!this.watched || this.isGone || this.job?.state === "done") return;
    this.later = setTimeout(() => void this.look(), Math.min(PAUSE * 2 ** this.failures, MOST_PAUSE));
  }

  /** The pages whose rows may stand otherwise by now: the rows are done in their order. */
  private async fetchRows(now: Job): Promise<void> {
    const isFresh = this.asOf === undefined;
    const pages = isFresh ? [...this.pages] : [];
    let at = pages.findIndex((page) => page.some(({ state }) => state === "waiting"));
    if (at < 0) at = pages.length;
    if (this.job?.state === "done" && isFresh && pages.length) at = 0; // what became of its cars since
    for (; at < this.cursors.length; at += 1) {
      const page = await rowsOf(this.id, this.cursors[at] ?? null);
      pages[at] = page.items;
      if (page.next_cursor !== null) this.cursors[at + 1] = page.next_cursor;
      const isAllAhead = now.state === "running" && page.items.every(({ state }) => state === "waiting");
      if (isAllAhead && pages[at + 1]) break;
    }
    this.pages = pages;
  }

  /** Show what was told before, where nothing is shown yet. */
  private async recall(): Promise<void> {
    const owner = whose();
    const kept = owner === undefined || this.job ? undefined : await recall(owner, this.keptAs);
    if (!kept || this.job) return;
    ({ job: this.job, pages: this.pages } = kept.told as Told);
    this.asOf = new Date(kept.at);
  }

  private get isGone(): boolean {
    return this.error instanceof Problem && this.error.status === 404;
  }

  private get keptAs(): string {
    return `cars ${this.id}`;
  }
}
