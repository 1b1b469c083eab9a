/** Who works at this desk. */

import { speakFor } from "$kit/api/http";
import { Problem } from "$kit/api/problem";
import { told } from "$kit/api/told";
import { api, type Schemas } from "./client";

type Person = Schemas["Person"];

class Session {
  /** Undefined until it is known, null if nobody is. */
  me = $state.raw<Person | null | undefined>(undefined);
  /** Signed in by the password alone: an authenticator app has to be set up before anything else. */
  enrolling = $state(false);
  /** Why it is not known who is here. */
  error = $state.raw<unknown>();

  get isSignedIn(): boolean {
    return Boolean(this.me) && !this.enrolling;
  }

  /** Ask the server who we are. */
  async look(): Promise<void> {
    try {
      const me = await told(api.GET("/api/v1/me"));
      this.enrolling = !(await told(api.GET("/api/v1/me/second-factors"))).totp;
      this.me = me;
      this.error = undefined;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.me = null;
      else this.error = error;
    }
  }

  async signOut(): Promise<void> {
    await told(api.DELETE("/api/v1/auth/sessions/current"));
    this.signedOut();
  }

  signedOut(): void {
    this.me = null;
    this.enrolling = false;
  }
}

export const session = new Session();
speakFor(session);
