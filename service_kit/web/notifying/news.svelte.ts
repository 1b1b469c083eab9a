/**
 * What one was told, and has not seen yet: on any device, for the server keeps what was seen. Whoever looks at what it
 * is about has seen it, and is told it nowhere else.
 */

import { account } from "../api/http";
import type { Hint } from "../api/source";
import { stream } from "../api/stream.svelte";
import { coalesced } from "../coalesce";
import { call } from "./call";
import type { ToPage } from "./to-page";
import { mark } from "./mark";
import { SEEN } from "./seen";

export interface Told {
  id: string;
  created_at: string;
  seen_at: string | null;
}

interface How<T> {
  /** What it is about: the names of the fields that say so, here and where it was seen. One of them does. */
  subjects: readonly (keyof T & string)[];
  /** Whether there is nothing to see any more. */
  isOver: (one: T) => boolean;
  /** Whether a hint may bring news. */
  isNews: (hint: Hint) => boolean;
  /** What came while one looked elsewhere. */
  came?: (fresh: readonly T[]) => void;
}

/** What happens in a burst is one look; and the message that is sent at once need not be taken back. */
const PAUSE = 1_000;

export class News<T extends Told> {
  all = $state.raw<readonly T[]>([]);
  /** When these were true; undefined before the first answer. */
  asOf = $state.raw<Date>();
  error = $state.raw<unknown>();
  private isVisible = $state(!document.hidden);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly seeing = new Set<string>();

  constructor(private readonly how: How<T>) {}

  readonly unseen: readonly T[] = $derived.by(() => this.all.filter((one) => !one.seen_at && !this.how.isOver(one)));

  /** Keep them fresh for whoever is signed in, until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    const later = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.look(), PAUSE);
    };
    const turned = (): void => {
      this.isVisible = !document.hidden;
      if (this.isVisible) void this.look();
    };
    const said = ({ data }: MessageEvent<ToPage>): void => void (data.what === "told" && later());
    const worker = "serviceWorker" in navigator ? navigator.serviceWorker : undefined;
    document.addEventListener("visibilitychange", turned);
    worker?.addEventListener("message", said);
    const deaf = stream.listen((hint) => {
      const isMine = hint?.kind === SEEN && hint.subject_id === account();
      if (!hint || isMine || this.how.isNews(hint)) later();
    });
    return () => {
      clearTimeout(this.timer);
      document.removeEventListener("visibilitychange", turned);
      worker?.removeEventListener("message", said);
      deaf();
      // Nobody sees what is another one's.
      this.all = [];
      this.asOf = undefined;
      mark(0);
    };
  }

  readonly look = coalesced(() => this.fetch());

  /** What is about `subject` is on the screen. To be called in an effect, for what comes meanwhile is seen as well. */
  isShown(subject: string): void {
    const fresh = this.unseen.some((one) => this.how.subjects.some((name) => one[name] === subject));
    if (fresh && this.isVisible && !this.seeing.has(subject)) void this.see(subject).catch(() => undefined);
  }

  /** All of it was seen, or what is about `subject`. Raises Problem or Offline. */
  async see(subject?: string): Promise<void> {
    const which = subject ?? "";
    this.seeing.add(which);
    try {
      const field = this.how.subjects.find((name) => this.all.some((one) => one[name] === subject));
      if (field || subject === undefined) await call("POST", "/notifications/seen", field ? { [field]: subject } : {});
      await this.look();
    } finally {
      this.seeing.delete(which);
    }
  }

  private async fetch(): Promise<void> {
    const whose = account();
    if (whose === undefined) return;
    try {
      const all = await call<T[]>("GET", "/notifications");
      if (account() !== whose) return;
      const known = new Set(this.all.map((one) => one.id));
      const fresh = this.asOf ? all.filter((one) => !known.has(one.id) && !one.seen_at) : [];
      this.all = all;
      this.asOf = new Date();
      this.error = undefined;
      mark(all.filter((one) => !one.seen_at && !this.how.isOver(one)).length);
      if (fresh.length && !this.isVisible) this.how.came?.(fresh);
    } catch (error) {
      this.error = error; // what is shown stays; the stream says when to look again
    }
  }
}
