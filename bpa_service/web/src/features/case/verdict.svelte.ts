/**
 * A verdict that was given and can still be taken back: it is sent after ten seconds, from whatever screen, and at
 * once when the page is left. The draft stays until the server has it.
 */

import { passes } from "$kit/api/problem";
import { newId, once, told } from "$kit/api/told";
import { words } from "$kit/ui/errors";
import { api, type Schemas } from "../../api/client";
import { forget } from "./drafts.svelte";

export const UNDO_SECONDS = 10;
const AGAIN_AFTER = 3_000;
/** By then the queue has been fetched without the case. */
const GONE_AFTER = 10_000;

interface Given {
  caseId: string;
  number: string;
  version: number;
  body: Schemas["DecisionIn"];
  /** Why an answer is amended; nothing for the first one. */
  reason?: string;
}

class Pending {
  given = $state.raw<Given>();
  /** Seconds in which it can be taken back; 0 while it is on its way. */
  left = $state(0);
  /** Why it was not taken, and of which case. */
  refused = $state.raw<{ caseId: string; number: string; text: string }>();
  /** Cases that are answered, but may still stand in the queue that was fetched before. */
  answered = $state.raw<ReadonlySet<string>>(new Set());
  private key = "";
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly leaving = (): void => void this.send({ keepalive: true });

  /** Give a verdict; one that waits already is sent first. */
  async give(given: Given): Promise<void> {
    if (this.given) await this.send();
    this.given = given;
    if (!given.body.preliminary) this.answered = new Set([...this.answered, given.caseId]);
    this.refused = undefined;
    this.key = newId();
    this.left = UNDO_SECONDS;
    addEventListener("pagehide", this.leaving);
    this.timer = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) void this.send();
    }, 1000);
  }

  /** Take it back: nothing was sent. */
  undo(): void {
    if (this.left <= 0) return;
    if (this.given) this.reopen(this.given.caseId);
    this.end();
  }

  private async send(options: { keepalive?: boolean } = {}): Promise<void> {
    const { given } = this;
    if (!given) return;
    clearInterval(this.timer);
    this.left = 0;
    const header = { ...once(this.key), "If-Match": `"${given.version}"` };
    const params = { path: { case_id: given.caseId }, header };
    try {
      const { body, reason } = given;
      if (reason === undefined) await told(api.POST("/api/v1/cases/{case_id}/decision", { params, body, ...options }));
      else {
        const amendment = { ...body, reason, preliminary: false as const };
        await told(api.POST("/api/v1/cases/{case_id}/amendments", { params, body: amendment, ...options }));
      }
      forget(given.caseId);
      setTimeout(() => this.reopen(given.caseId), GONE_AFTER);
      this.end();
    } catch (error) {
      // What has arrived is not done twice: the key says that it is the same.
      if (passes(error)) setTimeout(() => void this.send(), AGAIN_AFTER);
      else {
        this.reopen(given.caseId);
        this.refused = { caseId: given.caseId, number: given.number, text: words(error) };
        this.end();
      }
    }
  }

  private reopen(caseId: string): void {
    this.answered = new Set([...this.answered].filter((one) => one !== caseId));
  }

  private end(): void {
    clearInterval(this.timer);
    removeEventListener("pagehide", this.leaving);
    this.given = undefined;
    this.left = 0;
  }
}

export const pending = new Pending();
