/** The lead's board: fetched again when something happens, and every quarter of a minute, for time alone changes it. */

import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type Schemas } from "../../api/client";
import { isOfCase } from "../../hints";

const EVERY = 15_000;
const PAUSE = 500;

export class Board {
  now = $state.raw<Schemas["BoardOut"]>();
  error = $state.raw<unknown>();

  readonly look = coalesced(() => this.fetch());

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    let soon: ReturnType<typeof setTimeout> | undefined;
    const timer = setInterval(() => void this.look(), EVERY);
    const off = stream.listen((hint) => {
      if (hint && !isOfCase(hint)) return;
      clearTimeout(soon);
      soon = setTimeout(() => void this.look(), PAUSE);
    });
    return () => {
      clearInterval(timer);
      clearTimeout(soon);
      off();
    };
  }

  private async fetch(): Promise<void> {
    try {
      this.now = await unwrap(api.GET("/api/v1/shift-board"));
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  }
}
