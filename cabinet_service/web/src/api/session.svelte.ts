/** Who is signed in on this phone. */

import { locale, type Language } from "$kit/i18n/language.svelte";
import { api, type Schemas } from "./client";
import { told } from "$kit/api/told";
import { speakFor } from "$kit/api/http";
import { Offline, Problem } from "$kit/api/problem";

type Me = Schemas["Me"];

const KEPT_AS = "signed-in-as";

class Session {
  /** Undefined until it is known, null if nobody is. */
  me = $state.raw<Me | null | undefined>(undefined);

  get isSignedIn(): boolean {
    return Boolean(this.me);
  }

  /** Ask the server who we are; offline, whoever it was last is believed, so that the app opens. */
  async look(): Promise<void> {
    try {
      this.become(await told(api.GET("/api/v1/me")));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.become(null);
      else if (!(error instanceof Offline) && !(error instanceof Problem)) throw error;
      else this.me ??= remembered();
    }
  }

  /** Show everything in `language`, and have letters written in it. */
  speak(language: Language): void {
    locale.choose(language);
    // Offline the letters stay as they were; the screen does not.
    if (this.me) void told(api.PATCH("/api/v1/me", { body: { language } })).catch(() => undefined);
  }

  signedOut(): void {
    this.become(null);
  }

  become(me: Me | null): void {
    this.me = me;
    if (me) localStorage.setItem(KEPT_AS, JSON.stringify(me));
    else localStorage.removeItem(KEPT_AS);
  }
}

function remembered(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Me | null;
  } catch {
    return null;
  }
}

export const session = new Session();
speakFor(session);
