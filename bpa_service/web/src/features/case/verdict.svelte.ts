/**
 * A verdict that was given and can still be taken back: it is sent after ten seconds, from whatever screen, and at
 * once when the page is left. The draft stays until the server has it.
 */

import { passes } from "$kit/api/problem";
import { newId, once, told } from "$kit/api/told";
import { words } from "$kit/ui/errors";
import { api, type Schemas, type Verdict } from "../../api/client";

export const UNDO_SECONDS = 10;
const AGAIN_AFTER = 3_000;

export interface Draft {
  verdict: Verdict | "";
  summary: string;
  advice: string;
  /** One thing a line. */
  notCovered: string;
  /** Findings that it does not rest on. */
  without: readonly string[];
}

const EMPTY: Draft = { verdict: "", summary: "", advice: "", notCovered: "", without: [] };

export function draftOf(caseId: string): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(keptAs(caseId)) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

export function keep(caseId: string, draft: Draft | undefined): void {
  if (draft) localStorage.setItem(keptAs(caseId), JSON.stringify(draft));
  else localStorage.removeItem(keptAs(caseId));
}

function keptAs(caseId: string): string {
  return `verdict of ${caseId}`;
}

interface Given {
  caseId: string;
  number: string;
  version: number;
  body: Schemas["DecisionIn"];
}

class Pending {
  given = $state.raw<Given>();
  /** Seconds in which it can be taken back; 0 while it is on its way. */
  left = $state(0);
  /** Why it was not taken, and of which case. */
  refused = $state.raw<{ caseId: string; number: string; text: string }>();
  private key = "";
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly leaving = (): void => void this.send({ keepalive: true });

  /** Give a verdict; one that waits already is sent first. */
  async give(given: Given): Promise<void> {
    if (this.given) await this.send();
    this.given = given;
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
    if (this.left > 0) this.end();
  }

  private async send(options: { keepalive?: boolean } = {}): Promise<void> {
    const { given } = this;
    if (!given) return;
    clearInterval(this.timer);
    this.left = 0;
    const header = { ...once(this.key), "If-Match": `"${given.version}"` };
    const params = { path: { case_id: given.caseId }, header };
    try {
      await told(api.POST("/api/v1/cases/{case_id}/decision", { params, body: given.body, ...options }));
      keep(given.caseId, undefined);
      this.end();
    } catch (error) {
      // What has arrived is not done twice: the key says that it is the same.
      if (passes(error)) setTimeout(() => void this.send(), AGAIN_AFTER);
      else {
        this.refused = { caseId: given.caseId, number: given.number, text: words(error) };
        this.end();
      }
    }
  }

  private end(): void {
    clearInterval(this.timer);
    removeEventListener("pagehide", this.leaving);
    this.given = undefined;
    this.left = 0;
  }
}

export const pending = new Pending();
