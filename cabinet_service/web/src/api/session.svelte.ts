/** Who is signed in on this phone. */

import { locale, type Language } from "$kit/i18n/language.svelte";
import { api } from "./client";
import { unwrap } from "$kit/api/unwrap";
import { speakFor } from "$kit/api/http";
import { Offline, Problem } from "$kit/api/problem";
import { KEPT_AS, remember, remembered, type Me } from "./remembered";

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

class Session {
  /** Undefined until it is known, null if nobody is. */
  me = $state.raw<Me | null | undefined>(undefined);
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_PAUSE;

  constructor() {
    // Another tab has signed in or out: the cookies are those of all tabs.
    addEventListener("storage", (event) => {
      if ((event as StorageEvent).key === KEPT_AS && this.me !== undefined) this.show(remembered());
    });
    addEventListener("online", () => this.timer && void this.look());
  }

  get isSignedIn(): boolean {
    return Boolean(this.me);
  }

  /** The id of their account; undefined also while another tab may be signing somebody else in. */
  get account(): string | undefined {
    const id = this.me?.account.id;
    return id === remembered()?.account.id ? id : undefined;
  }

  /** Call `act` whenever it may be somebody else. */
  onChange(act: () => void): void {
    this.listeners.add(act);
  }

  /**
   * Ask the server who we are. Where it cannot say, whoever it was last is believed, so that the app opens, and it is
   * asked again.
   */
  async look(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      this.become(await unwrap(api.GET("/api/v1/me")));
      this.pause = FIRST_PAUSE;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return this.become(null);
      if (!(error instanceof Offline) && !(error instanceof Problem)) throw error;
      if (this.me === undefined) this.show(remembered());
      this.timer = setTimeout(() => void this.look(), this.pause);
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    }
  }

  /** Sign in by `act`. Until it is known who that was, no tab does anything in the name of whoever was here before. */
  async enter(act: () => Promise<unknown>): Promise<void> {
    const before = remembered();
    remember(null);
    try {
      await act();
    } catch (error) {
      remember(before);
      throw error;
    }
    await this.look();
  }

  /** Show everything in `language`, and have letters written in it. */
  speak(language: Language): void {
    locale.choose(language);
    // Offline the letters stay as they were; the screen does not.
    if (this.me) void unwrap(api.PATCH("/api/v1/me", { body: { language } })).catch(() => undefined);
  }

  signedOut(): void {
    this.become(null);
  }

  /**
   * Be nobody, once `act` has forgotten what was theirs. Nothing more is done or kept in their name from now on, in any
   * tab: what is on its way finds that it is nobody's.
   */
  async leave(act: () => Promise<void>): Promise<void> {
    remember(null);
    await act();
    this.become(null);
  }

  become(me: Me | null): void {
    remember(me);
    this.show(me);
  }

  private show(me: Me | null): void {
    this.me = me;
    for (const act of this.listeners) act();
  }
}

export const session = new Session();
speakFor(session);
