/**
 * What the server announces: ids of what changed, never content. One stream for the whole browser, because over
 * HTTP/1.1 six of them leave no connection for anything else: one tab hears it and tells the others. Whenever
 * something may have been missed, everybody looks again.
 */

import { account } from "./http";
import { Source, type Hint, type News } from "./source";
import { canAgree, turnOf, type Turn } from "./turn";

/** The tab that hears the stream says so every few seconds; one that has been silent for so long sleeps. */
const ASLEEP_AFTER = 40_000;
/** And one that was asked answers at once. */
const ANSWERS_WITHIN = 5_000;
const LOOK_EVERY = 2_500;
/** From one screen to the next nobody listens for a moment. */
const LINGER = 5_000;

/** `undefined`: anything may have changed. */
type Listener = (hint: Hint | undefined) => void;
type Message = News | "anybody?";

class Stream {
  /** Whether news would reach us now. */
  live = $state(false);
  /** News was expected and does not come: what is shown may be old. */
  cut = $state(false);
  /** When the server was heard last. */
  asOf = $state.raw<Date>();
  private readonly listeners = new Set<Listener>();
  private whose: string | undefined;
  private turn: Turn | undefined;
  private source: Source | undefined;
  private channel: BroadcastChannel | undefined;
  private silentAt = Infinity;
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    addEventListener("online", () => this.source?.reopen());
    addEventListener("offline", () => {
      if (this.source) this.source.abandon();
      else if (this.turn) this.cut = !(this.live = false);
    });
    // What was said while this tab slept is lost.
    document.addEventListener("resume", () => this.tell(undefined));
    addEventListener("pageshow", (event) => (event as PageTransitionEvent).persisted && this.tell(undefined));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible" || !this.turn) return;
      if (!this.source) this.ask();
      else if (!this.live) this.source.reopen();
    });
  }

  /** Call `listener` for every hint until the function that is returned is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    clearTimeout(this.leaving);
    this.join();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.leaving = setTimeout(() => this.leave(), LINGER);
    };
  }

  /** Take part in the stream of whoever is signed in now. */
  private join(): void {
    const whose = account();
    if (whose === this.whose && this.turn) return;
    this.leave();
    if (whose === undefined || this.listeners.size === 0) return;
    this.whose = whose;
    const name = `stream of ${whose}`;
    if (canAgree()) {
      this.channel = new BroadcastChannel(name);
      this.channel.onmessage = ({ data }: MessageEvent<Message>) => this.unwrap(data);
    }
    this.turn = turnOf(name, { begin: () => this.begin(), end: () => this.end() });
    this.looking = setInterval(() => this.look(), LOOK_EVERY);
    this.ask();
  }

  private leave(): void {
    clearInterval(this.looking);
    this.turn?.leave();
    this.turn = undefined;
    this.end();
    this.channel?.close();
    this.channel = undefined;
    this.whose = undefined;
    this.live = this.cut = false;
    this.asOf = undefined;
  }

  private begin(): void {
    this.source ??= new Source((news) => {
      this.hear(news);
      this.channel?.postMessage(news);
    });
  }

  private end(): void {
    this.source?.close();
    this.source = undefined;
  }

  /** Whether there is somebody who hears it. */
  private ask(): void {
    this.silentAt = Date.now() + ANSWERS_WITHIN;
    this.channel?.postMessage("anybody?" satisfies Message);
  }

  private unwrap(message: Message): void {
    if (message !== "anybody?") this.hear(message);
    else if (this.source) this.channel?.postMessage(this.source.standing);
  }

  private look(): void {
    if (account() !== this.whose) this.join();
    else if (!this.source && Date.now() > this.silentAt && document.visibilityState === "visible") {
      this.ask();
      this.turn?.take();
    }
  }

  private hear(news: News): void {
    if (!this.turn) return;
    this.silentAt = Date.now() + ASLEEP_AFTER;
    if (news.what === "opening") return;
    this.live = news.what !== "cut";
    this.cut = !this.live;
    if (news.at) this.asOf = new Date(news.at);
    if (news.what === "hint") this.tell(news.hint);
    if (news.what === "anew") this.tell(undefined);
  }

  private tell(hint: Hint | undefined): void {
    for (const listener of this.listeners) listener(hint);
  }
}

export const stream = new Stream();
