/**
 * Signing in, as its pages share it: a code to an e-mail address or a phone, asked for at the first Send, and what has
 * to be agreed to. The draft stays where it is. What finds no network waits, and is done as soon as there is one.
 */

import { api, type Schemas } from "../../api/client";
import { NOBODY } from "../../api/remembered";
import { session } from "../../api/session.svelte";
import { drafts } from "../../drafts/drafts.svelte";
import { isToBeSent } from "../../drafts/flow";
import { Offline, Problem } from "$kit/api/problem";
import { newId, once, unwrap } from "$kit/api/unwrap";
import { locale } from "$kit/i18n/language.svelte";
import { Declined, signInWithPasskey } from "$kit/passkeys/passkeys";
import { router } from "$kit/router.svelte";
import { words } from "../../ui/errors";
import { queue } from "../../uploads/queue.svelte";
import { chosenLast } from "../draft/in-name-of";
import { forgetSent, keepSent, keptSent, type Sent } from "./sent";

type Field = "contact" | "code";

const CONTACT = "/sign-in";
const CODE = "/sign-in/code";
const CONSENT = "/sign-in/consent";
const LINK = "/sign-in/link";

class Entry {
  contact = $state("");
  /** The code that is on its way, and to where. */
  sent = $state.raw<Sent | undefined>(keptSent());
  /** What is to be agreed to; empty once nothing is. */
  documents = $state.raw<readonly Schemas["DocumentOut"][]>();
  problem = $state.raw<{ field: Field | undefined; code: string; text: string }>();
  busy = $state(false);
  /** What is done once there is a network. */
  waiting = $state.raw<() => Promise<void>>();
  // Who signs in again after Send sends at once what is theirs: it may have gone before the consents were looked at.
  private order: { draftId: string; inspectionId: string; owner: string } | undefined;

  /** Who they are has to be shown once more: before something that cannot be undone. */
  get isAnew(): boolean {
    return router.query.has("again");
  }

  /** The draft that is sent once it is known whose it is. */
  get send(): string | null {
    return router.query.get("send");
  }

  /** Another page of it is looked at: what went wrong on the last one is not said on this one. */
  turn(): void {
    this.documents = undefined;
    this.quieten();
  }

  /** What was entered is changed: what was said of it holds no more. */
  quieten(): void {
    this.problem = undefined;
    this.waiting = undefined;
  }

  /** Remember what became of the draft that is to be sent, as long as it is there. */
  follow(): void {
    const { send } = this;
    const { inspectionId, owner } = (send !== null && drafts.draft(send)) || {};
    if (send !== null && inspectionId && owner) this.order = { draftId: send, inspectionId, owner };
  }

  /** Signed in already (another tab, an old letter): what is asked is only the consent. */
  skip(): void {
    const isKnown = session.isSignedIn && (!this.isAnew || router.path === CONSENT);
    const isFree = !this.documents && !this.busy && !this.problem && !this.waiting;
    if (isKnown && isFree) void this.attempt(undefined, () => this.goOn());
  }

  async askForCode(): Promise<void> {
    const to = this.contact.trim();
    // Whoever went back to look at the address, and finds it right, has a code on its way.
    const isOnItsWay = router.path === CONTACT && this.sent?.to === to && new Date() < new Date(this.sent.resend_after);
    if (isOnItsWay) return router.go(CODE + location.search);
    // Who asks again did not find it in a chat.
    await this.attempt(router.path === CODE ? "code" : "contact", async () => {
      const challenge = await unwrap(api.POST("/api/v1/auth/codes", { body: { contact: to, past_chats: router.path === CODE } }));
      this.sent = { to, ...challenge };
      keepSent(this.sent);
      if (router.path === CONTACT) router.go(CODE + location.search);
    });
  }

  async enter(code: string): Promise<void> {
    await this.attempt("code", async () => {
      const challenge_id = this.sent?.challenge_id ?? "";
      const body = { challenge_id, code, carrier: "cookie" as const, language: locale.language };
      await session.enter(() => unwrap(api.POST("/api/v1/auth/sessions", { body })));
      await this.goOn();
    });
  }

  async enterByLink(token: string): Promise<void> {
    await this.attempt(undefined, async () => {
      const body = { token, carrier: "cookie" as const };
      await session.enter(() => unwrap(api.POST("/api/v1/auth/link-sessions", { body })));
      await this.goOn();
    });
  }

  async enterWithPasskey(): Promise<void> {
    await this.attempt(undefined, async () => {
      try {
        await session.enter(signInWithPasskey);
      } catch (error) {
        if (error instanceof Declined) return;
        // By itself the device would ask at a time when nobody looks at it.
        if (error instanceof Offline) return this.refused(undefined, error);
        throw error;
      }
      await this.goOn();
    });
  }

  async agree(): Promise<void> {
    await this.attempt(undefined, async () => {
      for (const { document, version } of this.documents ?? []) {
        const body = { document, version, language: locale.language };
        await unwrap(api.POST("/api/v1/consents", { params: { header: once(newId()) }, body }));
      }
      await this.leave();
    });
  }

  private async attempt(field: Field | undefined, act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.quieten();
    try {
      await act();
    } catch (error) {
      if (error instanceof Offline) this.waiting = () => this.attempt(field, act);
      else this.refused(field, error);
    } finally {
      this.busy = false;
    }
  }

  private refused(field: Field | undefined, error: unknown): void {
    this.problem = { field, code: error instanceof Problem ? error.code : "", text: words(error) };
  }

  /** Ask for the consents that are missing, or go where one came from. */
  private async goOn(): Promise<void> {
    const { documents } = await unwrap(api.GET("/api/v1/consents"));
    const missing = documents.filter((one) => !one.given);
    this.documents = missing;
    if (missing.length === 0) await this.leave();
    else this.move(CONSENT + location.search);
  }

  private async leave(): Promise<void> {
    const { send } = this;
    const next = nextOf(router.query);
    await drafts.use(session.me?.account.id ?? NOBODY);
    if (send && isToBeSent(send)) await drafts.adopt(send);
    // What is not theirs stays where it is.
    const isOurs = send !== null && drafts.draft(send) !== undefined;
    const { me } = session;
    const inNameOf = me?.memberships.length ? { inNameOf: chosenLast(me) } : {};
    if (isOurs) await drafts.change(send, { ...inNameOf, state: "sending", problem: null });
    queue.hurry();
    this.documents = [];
    this.contact = "";
    this.sent = undefined;
    forgetSent();
    this.move(isOurs ? `/new/${send}/check` : this.wentMeanwhile(send) ?? next);
  }

  private wentMeanwhile(send: string | null): string | undefined {
    const isTheirs = this.order?.draftId === send && this.order?.owner === drafts.account;
    return isTheirs ? `/inspections/${this.order?.inspectionId}` : undefined;
  }

  /** On, and no way back to what was answered; unless the person left meanwhile. */
  private move(address: string): void {
    if (router.path === CODE) router.goInstead(address, CONTACT);
    else if ([CONTACT, CONSENT, LINK].includes(router.path)) router.go(address, { replace: true });
  }
}

function nextOf(query: URLSearchParams): string {
  const path = query.get("next") ?? "/";
  // Only a path of our own: `//elsewhere` would be another site.
  return /^\/(?!\/)/.test(path) ? path : "/";
}

export const entry = new Entry();
