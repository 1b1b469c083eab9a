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
import { router } from "$kit/router.svelte";
import { words } from "$kit/ui/errors";
import t from "$messages/case/verdict";
import { api, type Case, type Schemas } from "../../api/client";
import { session } from "../../api/session.svelte";
import { drop, keep, kept, placeOf } from "../../kept.svelte";
import { forget } from "./drafts.svelte";
import { fromClient, meanwhile, type Meanwhile } from "./meanwhile";
import { fetchCase } from "./watched.svelte";

export const UNDO_SECONDS = 10;
const AGAIN_AFTER = 3_000;
/** For so long one waits on the case that was answered; then the queue is shown. */
const NEXT_WITHIN = 3_000;
/** By then the queue has been fetched without the case. */
const GONE_AFTER = 10_000;

/** By then whoever gave a verdict on another page knows what became of it. */
const KNOWN_AFTER = 15_000;

/** A verdict that was given, and which case had how many answers by then: for whoever opens the desk next. */
interface Left {
  caseId: string;
  number: string;
  answers: number;
}

interface Given {
  /** The case as its author saw it. */
  seen: Case;
  body: Schemas["DecisionIn"];
  /** Why an answer is amended; nothing for the first one. */
  reason?: string;
  /** Which version of the answer it is to replace. */
  amends?: number;
}

/** The next case. `caseId` is known once the server has said which it is, and where it was not ours before. */
interface Along {
  caseId?: string;
  undone?: true;
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
  /** The next case, taken with the verdict: it goes back if that is taken back. */
  private along: Along | undefined;
  /** The next case could not be taken before: it is taken in the act that gives the verdict. */
  private isLate = false;
  private key = "";
  private by: string | undefined;
  private place = "";
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
    const { id: caseId, number, decisions } = given.seen;
    this.place = placeOf("verdict on its way");
    keep(this.place, { caseId, number, answers: decisions.length } satisfies Left);
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

  /**
   * Take what is to be worked on before all else, as the server has it. Returns where to go: to that case, or to the
   * queue where there is none or where nobody can tell now; then it is taken in the act that gives the verdict. Nothing
   * if the verdict was taken back meanwhile: its author is at the case again.
   */
  async takeNext(): Promise<string | undefined> {
    const { given } = this;
    if (!given) return undefined;
    const along: Along = (this.along = {});
    const slow = new Promise<undefined>((done) => setTimeout(() => done(undefined), NEXT_WITHIN));
    // Asked for again by the verdict it is the same case: what one has in hand comes first.
    const next = await Promise.race([this.askNext(given, along), slow]).catch(() => undefined);
    if (next === undefined) this.isLate = true;
    if (along.undone) return undefined;
    return next ? `/cases/${next}` : "/";
  }

  private async askNext({ seen }: Given, along: Along): Promise<string | null> {
    const params = { header: once(newId()) };
    const { next, is_new: isNew } = await unwrap(api.POST("/api/v1/queue/next", { params, body: { but: seen.id } }));
    if (next && isNew) along.caseId = next.case_id;
    if (along.undone) this.giveBack(along);
    return next ? next.case_id : null;
  }

  /** A page that was left has sent a verdict, and nobody was there to be told that it was refused. */
  lookBack(): () => void {
    const place = placeOf("verdict on its way");
    const timer = setTimeout(async () => {
      const left = kept<Left>(place)?.what;
      const now = left && !this.given && (await fetchCase(left.caseId).catch(() => undefined));
      if (!now || this.given) return;
      drop(place);
      if (now.decisions.length === left.answers) this.refused = { ...left, text: t().left };
    }, KNOWN_AFTER);
    return () => clearTimeout(timer);
  }

  /** Whether the answer to this case is on its way, and nothing keeps it. */
  hasAnswerTo(caseId: string): boolean {
    return this.given?.seen.id === caseId && !this.given.body.preliminary && !this.unseen;
  }

  /** Take it back: nothing was sent. */
  undo(): void {
    if (this.left <= 0 && !this.unseen) return;
    if (this.along) {
      this.along.undone = true;
      this.giveBack(this.along);
    }
    if (this.given) this.reopen(this.given.seen.id);
    this.end();
  }

  private giveBack({ caseId }: Along): void {
    if (!caseId) return;
    const params = { path: { case_id: caseId } };
    void unwrap(api.DELETE("/api/v1/cases/{case_id}/lease", { params })).catch(() => undefined);
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
    if (!this.given || this.unseen) return;
    // Whoever began something else meanwhile takes nothing. A request that is sent again says the same.
    const takesNext = this.isLate && this.given.reason === undefined && isAtTheQueue();
    if (takesNext) this.given = { ...this.given, body: { ...this.given.body, take_next: true } };
    this.isLate = false;
    const { given } = this;
    if (this.by !== session.me?.id) {
      this.refuse(given, t().ended);
      return;
    }
    clearInterval(this.timer);
    this.left = 0;
    const header = { ...once(this.key), "If-Match": `"${given.seen.version}"` };
    const params = { path: { case_id: given.seen.id }, header };
    try {
      const { reason } = given;
      if (reason === undefined) {
        const { body } = given;
        const { next } = await unwrap(api.POST("/api/v1/cases/{case_id}/decision", { params, body, ...options }));
        if (next && isAtTheQueue()) router.go(`/cases/${next.case_id}`);
      } else {
        const amendment = { ...given.body, reason, preliminary: false as const };
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
    drop(this.place);
    this.given = this.unseen = this.newest = this.along = undefined;
    this.isLate = false;
    this.left = 0;
  }
}

/** Whether nothing else was begun since. */
function isAtTheQueue(): boolean {
  return router.path === "/";
}

export const pending = new Pending();
