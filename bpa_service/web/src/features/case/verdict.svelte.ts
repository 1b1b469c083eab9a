/**
 * A verdict that was given and can still be taken back: it is sent after ten seconds, from whatever screen, and at
 * once when the page is left or its expert signs out. The draft stays until the server has it.
 *
 * What happens to the case meanwhile and changes nothing that the verdict depends on lets it pass. If the client says or
 * shows something, it waits until its author has seen that, wherever they are by then.
 */

import { passes, Problem } from "$kit/api/problem";
import { stream } from "$kit/api/stream.svelte";
import { newId, once, unwrap } from "$kit/api/unwrap";
import { words } from "$kit/ui/errors";
import t from "$messages/case/verdict";
import { api, type Case, type Schemas } from "../../api/client";
import { session } from "../../api/session.svelte";
import { forget } from "./drafts.svelte";
import { fromClient, meanwhile, type Meanwhile } from "./meanwhile";
import { fetchCase } from "./watched.svelte";

export const UNDO_SECONDS = 10;
const AGAIN_AFTER = 3_000;
/** By then the queue has been fetched without the case. */
const GONE_AFTER = 10_000;

interface Given {
  /** The case as its author saw it. */
  seen: Case;
  body: Schemas["DecisionIn"];
  /** Why an answer is amended; nothing for the first one. */
  reason?: string;
  /** Which version of the answer it is to replace. */
  amends?: number;
}

class Pending {
  given = $state.raw<Given>();
  /** Seconds in which it can be taken back; 0 while it is on its way. */
  left = $state(0);
  /** Why it was not taken, and of which case. */
  refused = $state.raw<{ caseId: string; number: string; text: string }>();
  /** What the client did that its author has not seen: it waits for their word. */
  unseen = $state.raw<Meanwhile>();
  /** Cases that are answered, but may still stand in the queue that was fetched before. */
  answered = $state.raw<ReadonlySet<string>>(new Set());
  /** What was taken when it was given, to be worked on next: it goes back with the verdict. */
  private along: string | undefined;
  private key = "";
  private by: string | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private deaf: (() => void) | undefined;
  private newest: Case | undefined;
  private readonly leaving = (): void => void this.send({ keepalive: true });

  /** Give a verdict; one that waits already is sent first, or given back if its author has not seen what came. */
  async give(given: Given): Promise<void> {
    this.refused = undefined;
    if (this.given && this.unseen) this.refuse(this.given, t().unseen);
    else if (this.given) await this.send();
    this.given = given;
    if (!given.body.preliminary) this.answered = new Set([...this.answered, given.seen.id]);
    this.key = newId();
    this.by = session.me?.id;
    this.left = UNDO_SECONDS;
    addEventListener("pagehide", this.leaving);
    this.deaf = stream.listen((hint) => {
      if (!hint || hint.subject_id === given.seen.id) void this.look();
    });
    this.timer = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) void this.send();
    }, 1000);
  }

  /** Have the next case with it. One that somebody else was quicker to take is only looked at. */
  takeAlong(caseId: string): void {
    const params = { path: { case_id: caseId }, header: once(newId()) };
    const { given } = this;
    unwrap(api.POST("/api/v1/cases/{case_id}/lease", { params })).then(
      () => (this.given === given ? (this.along = caseId) : undefined),
      () => undefined,
    );
  }

  /** Take it back: nothing was sent. */
  undo(): void {
    if (this.left <= 0 && !this.unseen) return;
    const path = { case_id: this.along ?? "" };
    if (this.along) void unwrap(api.DELETE("/api/v1/cases/{case_id}/lease", { params: { path } })).catch(() => undefined);
    if (this.given) this.reopen(this.given.seen.id);
    this.end();
  }

  /** Its author has seen what the client did, and stands by it. */
  async sendAnyway(): Promise<void> {
    if (!this.given || !this.newest || !this.unseen) return;
    this.given = { ...this.given, seen: this.newest };
    this.unseen = undefined;
    await this.send();
  }

  /** Send it before anything else happens, if there is one. */
  async now(): Promise<void> {
    if (this.given && this.unseen) this.refuse(this.given, t().unseen);
    else await this.send();
  }

  /** See what happened to the case since. Returns whether the verdict may go out. */
  private async look(): Promise<boolean> {
    const { given } = this;
    if (!given) return false;
    const now = await fetchCase(given.seen.id).catch(() => undefined);
    if (!now || this.given !== given) return false;
    const happened = meanwhile(given.seen, now);
    // The server says what is in its way, once it gets there.
    if (happened.other) return false;
    if (fromClient(happened)) {
      clearInterval(this.timer);
      [this.newest, this.unseen] = [now, happened];
      return false;
    }
    this.given = { ...given, seen: now };
    return true;
  }

  private async send(options: { keepalive?: boolean } = {}): Promise<void> {
    const { given } = this;
    if (!given || this.unseen) return;
    if (this.by !== session.me?.id) {
      this.refuse(given, t().ended);
      return;
    }
    clearInterval(this.timer);
    this.left = 0;
    const header = { ...once(this.key), "If-Match": `"${given.seen.version}"` };
    const params = { path: { case_id: given.seen.id }, header };
    try {
      const { body, reason } = given;
      if (reason === undefined) await unwrap(api.POST("/api/v1/cases/{case_id}/decision", { params, body, ...options }));
      else {
        const amendment = { ...body, reason, preliminary: false as const };
        await unwrap(api.POST("/api/v1/cases/{case_id}/amendments", { params, body: amendment, ...options }));
      }
      forget(given.seen.id, given.amends);
      setTimeout(() => this.reopen(given.seen.id), GONE_AFTER);
      this.end();
    } catch (error) {
      if (passes(error)) {
        // What has arrived is not done twice: the key says that it is the same.
        await new Promise((done) => setTimeout(done, AGAIN_AFTER));
        await this.send();
      } else if (error instanceof Problem && error.code === "version_conflict" && (await this.look())) {
        this.key = newId(); // the old one was refused
        await this.send();
      } else if (!this.unseen) this.refuse(given, words(error));
    }
  }

  private refuse({ seen: { id: caseId, number } }: Given, text: string): void {
    this.reopen(caseId);
    this.refused = { caseId, number, text };
    this.end();
  }

  private reopen(caseId: string): void {
    this.answered = new Set([...this.answered].filter((one) => one !== caseId));
  }

  private end(): void {
    clearInterval(this.timer);
    removeEventListener("pagehide", this.leaving);
    this.deaf?.();
    this.given = this.unseen = this.newest = this.along = undefined;
    this.left = 0;
  }
}

export const pending = new Pending();
