/**
 * What the server announces (server-sent events): ids of what changed, never content. One stream for the whole
 * app. After a break the browser goes on where it was cut off; where the stream has to be opened anew, everybody
 * looks again.
 */

import { isSignedIn, send } from "./http";

const REOPEN_AFTER = 5_000;

interface Hint {
  kind: string;
  subject_id: string;
}

/** `undefined`: anything may have changed. */
type Listener = (hint: Hint | undefined) => void;

class Stream {
  /** Whether news would reach us now. */
  live = $state(false);
  /** News was expected and does not come: what is shown may be old. */
  cut = $state(false);
  private readonly listeners = new Set<Listener>();
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Call `listener` for every hint until the function that is returned is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.close();
      this.cut = false;
    };
  }

  constructor() {
    addEventListener("online", () => this.reopen());
    // The open connection may seem to live for minutes more.
    addEventListener("offline", () => {
      this.live = false;
      this.cut = this.listeners.size > 0;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !this.live) this.reopen();
    });
  }

  private open(): void {
    if (this.source || this.listeners.size === 0) return;
    const source = new EventSource("/api/v1/stream");
    this.source = source;
    source.onopen = () => {
      this.live = true;
      this.cut = false;
      this.tell(undefined);
    };
    source.addEventListener("hint", (event) => this.tell(JSON.parse(event.data as string) as Hint));
    source.addEventListener("resync", () => this.tell(undefined));
    source.onerror = () => {
      this.live = false;
      this.cut = true;
      if (source.readyState === EventSource.CLOSED) this.later();
    };
  }

  /** The server has ended it: the token may be over. Asking anything refreshes that. */
  private later(): void {
    this.close();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.wake(), REOPEN_AFTER);
  }

  private async wake(): Promise<void> {
    try {
      await send(new Request("/api/v1/me"));
    } catch {
      // Offline: the browser says when that ends, and the next try is in a moment anyway.
    }
    if (isSignedIn()) this.open();
    if (!this.source && isSignedIn()) this.later();
  }

  private reopen(): void {
    this.close();
    if (isSignedIn()) this.open();
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
    this.live = false;
  }

  private tell(hint: Hint | undefined): void {
    for (const listener of this.listeners) listener(hint);
  }
}

export const stream = new Stream();
