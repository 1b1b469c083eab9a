/** The exemplars that were searched for: as many pages as were asked for, of the newest search only. */

import { told } from "$kit/api/told";
import { api, type Exemplar } from "../../api/client";
import { queryOf, type Filter } from "./filter";

const PAGE = 48; // rows of two, three, four and six are full

export class Found {
  all = $state.raw<readonly Exemplar[]>([]);
  /** Whether the newest search was answered. */
  known = $state(false);
  error = $state.raw<unknown>();
  busy = $state(false);
  private cursor = $state<string | null>(null);
  private query: Record<string, string | number> = {};
  private searches = 0;

  get more(): boolean {
    return this.cursor !== null;
  }

  async look(filter: Filter): Promise<void> {
    this.query = queryOf(filter);
    this.cursor = null;
    await this.fetch([]);
  }

  async reach(): Promise<void> {
    if (this.more && !this.busy) await this.fetch(this.all);
  }

  /** One of them is different now, or gone. */
  replace(id: string, by?: Exemplar): void {
    this.all = this.all.flatMap((one) => (one.id === id ? (by ? [by] : []) : [one]));
  }

  private async fetch(before: readonly Exemplar[]): Promise<void> {
    const search = ++this.searches;
    this.busy = true;
    try {
      const query = { ...this.query, limit: PAGE, ...(this.cursor ? { cursor: this.cursor } : {}) };
      const page = await told(api.GET("/api/v1/exemplars", { params: { query } }));
      if (search !== this.searches) return;
      // One that was added meanwhile moves the others, but the place after which we asked stands.
      this.all = [...before, ...page.items];
      this.cursor = page.next_cursor;
      this.known = true;
      this.error = undefined;
    } catch (error) {
      if (search === this.searches) this.error = error;
    } finally {
      if (search === this.searches) this.busy = false;
    }
  }
}
