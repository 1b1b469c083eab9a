/** Who works at this desk. */

import { speakFor } from "$kit/api/http";
import { Problem } from "$kit/api/problem";
import { unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "./client";

type Person = Schemas["Person"];

const LOOK_AGAIN = 5_000;

class Session {
  /** Undefined until it is known, null if nobody is. */
  me = $state.raw<Person | null | undefined>(undefined);
  /** Signed in by the password alone: an authenticator app has to be set up before anything else. */
  enrolling = $state(false);
  /** Why it is not known who is here. */
  error = $state.raw<unknown>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  get isSignedIn(): boolean {
    return Boolean(this.me) && !this.enrolling;
  }

  get account(): string | undefined {
    return this.me?.id;
  }

  /** Ask the server who we are; where it cannot say, it is asked again in a moment. */
  async look(): Promise<void> {
    clearTimeout(this.timer);
    try {
      const me = await unwrap(api.GET("/api/v1/me"));
      this.enrolling = !(await unwrap(api.GET("/api/v1/me/second-factors"))).totp;
      this.me = me;
      this.error = undefined;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.me = null;
      else {
        this.error = error;
        this.timer = setTimeout(() => void this.look(), LOOK_AGAIN);
      }
    }
  }

  async signOut(): Promise<void> {
    await unwrap(api.DELETE("/api/v1/auth/sessions/current"));
    this.signedOut();
  }

  signedOut(): void {
    this.me = null;
    this.enrolling = false;
  }
}

export const session = new Session();
speakFor(session);
