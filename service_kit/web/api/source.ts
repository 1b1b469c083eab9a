/**
 * A connection to what the server announces (server-sent events). The server says something every few seconds, be it
 * that it has nothing to say; where that stays away the connection is dead, though no one was told: another is opened.
 */

import { isSignedIn, send } from "./http";

const REOPEN_AFTER = 5_000;
/** So many of the server's intervals without a word are too many. */
const PATIENCE = 2.5;
const LOOK_EVERY = 5_000;
/** As the server says itself with each heartbeat. */
const USUAL_SECONDS = 15;

export interface Hint {
  kind: string;
  subject_id: string;
}

/**
 * `anew`: anything may have changed. `alive`: nothing has. `cut`: nobody knows. `opening`: it is slow to open, which is
 * not known to be cut: what has been pressed meanwhile counts. `at` is when the server was heard last.
 */
export type News = { at: number } & ({ what: "hint"; hint: Hint } | { what: "anew" | "alive" | "cut" | "opening" });

export class Source {
  private source: EventSource | undefined;
  private openedAt = 0;
  private heardAt = 0;
  private every = USUAL_SECONDS;
  private cut = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly watchdog: ReturnType<typeof setInterval>;

  constructor(private readonly say: (news: News) => void) {
    this.open();
    this.watchdog = setInterval(() => this.look(), LOOK_EVERY);
  }

  /** Whether news would reach us now, as far as anybody can know. */
  get standing(): News {
    const state = this.cut ? undefined : this.source?.readyState;
    const what = state === EventSource.OPEN ? "alive" : state === EventSource.CONNECTING ? "opening" : "cut";
    return { what, at: this.heardAt };
  }

  /** Open another connection: there is reason to believe that this one is no good. */
  reopen(): void {
    this.disconnect();
    if (isSignedIn()) this.open();
  }

  /**
   * The browser says that the network is gone. The connection may seem to live for minutes more, and what still comes
   * on it proves nothing: only one that is opened from now on does.
   */
  abandon(): void {
    this.lose();
    this.later();
  }

  close(): void {
    clearInterval(this.watchdog);
    this.disconnect();
  }

  private lose(): void {
    this.cut = true;
    this.say(this.standing);
  }

  private open(): void {
    const source = new EventSource("/api/v1/stream");
    this.source = source;
    this.openedAt = Date.now();
    const heard = (): number => {
      this.cut = false;
      return (this.heardAt = Date.now());
    };
    source.onopen = () => this.say({ what: "anew", at: heard() });
    source.addEventListener("hint", ({ data }: MessageEvent<string>) =>
      this.say({ what: "hint", hint: JSON.parse(data) as Hint, at: heard() }),
    );
    source.addEventListener("resync", () => this.say({ what: "anew", at: heard() }));
    source.addEventListener("heartbeat", ({ data }: MessageEvent<string>) => {
      this.every = (JSON.parse(data) as { every_seconds: number }).every_seconds;
      this.say({ what: "alive", at: heard() });
    });
    source.onerror = () => {
      this.lose();
      if (source.readyState === EventSource.CLOSED) this.later();
    };
  }

  private look(): void {
    const since = Math.max(this.openedAt, this.heardAt);
    if (this.source && Date.now() - since > PATIENCE * this.every * 1000) {
      this.lose();
      this.reopen();
    } else this.say(this.standing);
  }

  /** Try another one in a moment. The server may have ended this one: asking anything refreshes a token that is over. */
  private later(): void {
    this.disconnect();
    this.timer = setTimeout(() => void this.wake(), REOPEN_AFTER * (0.75 + Math.random() / 2));
  }

  private async wake(): Promise<void> {
    try {
      await send(new Request("/api/v1/me"));
    } catch {
      // Offline: the browser says when that ends, and the next try is in a moment anyway.
    }
    if (!this.source && isSignedIn()) this.open();
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }
}
