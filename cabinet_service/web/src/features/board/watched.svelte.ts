/** A board on the screen: asked for again whenever the server says that something changed, and kept as it was last. */

import { Problem } from "$kit/api/problem";
import { stream } from "$kit/api/stream.svelte";
import { coalesced } from "$kit/coalesce";
import { forget, keep, recall } from "../../drafts/kept";
import { whose } from "../company/whose";
import { counts, rows, type Counts, type Phase, type Row } from "./board";

interface Told {
  rows: readonly Row[];
  counts: Counts;
}

/** A company sends in bursts: of what happens within so long one look is taken. */
const PAUSE = 1_000;

export class WatchedBoard {
  phase = $state<Phase>("photos");
  branch = $state<string | null>(null);
  person = $state<string | null>(null);
  text = $state("");
  rows = $state.raw<readonly Row[]>();
  counts = $state.raw<Counts>();
  next = $state<string | null>(null);
  /** When what is shown was true; set where it is what was kept on the phone. */
  asOf = $state.raw<Date>();
  error = $state.raw<unknown>();
  busy = $state(false);
  private pages = 1;

  constructor(readonly company: string) {}

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deaf = stream.listen(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void this.look();
      }, PAUSE);
    });
    return () => {
      clearTimeout(timer);
      deaf();
    };
  }

  /** Something else is wanted. */
  ask(): void {
    this.pages = 1;
    this.rows = undefined;
    void this.look();
  }

  more(): void {
    this.pages += 1;
    void this.look();
  }

  readonly look = coalesced(() => this.fetch());

  private get isPlain(): boolean {
    return this.phase === "photos" && !this.branch && !this.person && !this.text;
  }

  private async fetch(): Promise<void> {
    const { company, phase, text, pages } = this;
    const of = { branch_id: this.branch, account_id: this.person };
    const owner = whose();
    this.busy = true;
    try {
      const found: Row[] = [];
      let next: string | null = null;
      const counted = counts(company, of);
      counted.catch(() => undefined); // where the rows are not to be had, nobody waits for it
      for (let page = 0; page < pages; page += 1) {
        const one = await rows(company, { ...of, phase, q: text }, next);
        found.push(...one.items);
        next = one.next_cursor;
        if (next === null) break;
      }
      const told: Told = { rows: found, counts: await counted };
      // Meanwhile something else is wanted, which is looked for next.
      if (phase !== this.phase || text !== this.text || of.branch_id !== this.branch || of.account_id !== this.person) return;
      [this.rows, this.counts, this.next, this.error, this.asOf] = [found, told.counts, next, undefined, undefined];
      if (owner !== undefined && owner === whose() && this.isPlain) await keep(owner, this.keptAs, { ...told, rows: found.slice(0, 100) });
    } catch (error) {
      if (error instanceof Problem && error.status === 404) await this.close(owner);
      else await this.recall();
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  /** It is not theirs to see any more, or there is no such company: what was kept of it goes as well. */
  private async close(owner: string | undefined): Promise<void> {
    [this.rows, this.counts, this.next, this.asOf] = [undefined, undefined, null, undefined];
    if (owner !== undefined) await forget(owner, this.keptAs);
  }

  /** Show what was told before, where nothing is shown yet. */
  private async recall(): Promise<void> {
    const owner = whose();
    const kept = owner === undefined || this.rows || !this.isPlain ? undefined : await recall(owner, this.keptAs);
    if (!kept || this.rows) return;
    ({ rows: this.rows, counts: this.counts } = kept.told as Told);
    this.asOf = new Date(kept.at);
  }

  private get keptAs(): string {
    return `board ${this.company}`;
  }
}
