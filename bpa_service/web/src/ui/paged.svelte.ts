/** A long list of the server's, a page after the other. */

import { untrack } from "svelte";

interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

export class Paged<T> {
  items = $state.raw<readonly T[]>();
  error = $state.raw<unknown>();
  busy = $state(false);
  private next = $state<string | null>(null);
  private turn = 0;

  constructor(private readonly fetch: (cursor: string | undefined) => Promise<PageOf<T>>) {}

  get more(): boolean {
    return this.next !== null;
  }

  /** Begin anew. An answer to what was asked before counts no more. An effect that calls it depends on nothing by it. */
  restart(): Promise<void> {
    return untrack(() => {
      this.next = null;
      return this.load([]);
    });
  }

  /** The next page. */
  reach(): Promise<void> {
    return this.busy || !this.more ? Promise.resolve() : this.load(this.items ?? []);
  }

  /** One of them is different now, or gone. */
  replace(which: (item: T) => boolean, by?: T): void {
    this.items = this.items?.flatMap((item) => (which(item) ? (by === undefined ? [] : [by]) : [item]));
  }

  private async load(before: readonly T[]): Promise<void> {
    const turn = ++this.turn;
    this.busy = true;
    this.error = undefined;
    try {
      const page = await this.fetch(this.next ?? undefined);
      if (turn !== this.turn) return;
      this.items = [...before, ...page.items];
      this.next = page.next_cursor;
    } catch (error) {
      if (turn === this.turn) this.error = error;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }
}
