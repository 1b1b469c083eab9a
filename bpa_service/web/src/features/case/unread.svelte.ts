/** How many messages of the client were not on this desk's screen yet. */

import { keep, kept, placeOf } from "../../kept.svelte";
import type { WatchedCase } from "./watched.svelte";

export class Unread {
  private seen = $state.raw(0);
  private readonly place: string;

  constructor(private readonly watched: WatchedCase) {
    this.place = placeOf(`chat seen in ${watched.id}`);
    this.seen = kept<number>(this.place)?.what ?? 0;
  }

  get count(): number {
    return Math.max(0, this.all - this.seen);
  }

  /** All of them are on the screen now. */
  saw(): void {
    if (this.seen === this.all) return;
    this.seen = this.all;
    keep(this.place, this.all);
  }

  private get all(): number {
    return this.watched.case?.messages.filter((one) => one.side === "client").length ?? 0;
  }
}
