/**
 * What came of the checks: on the screen at once, so that the next key is about the next check, and one after the
 * other on the server.
 */

import { unwrap } from "$kit/api/unwrap";
import { words } from "$kit/ui/errors";
import { api, type Case, type Evidence, type Schemas } from "../../api/client";
import type { WatchedCase } from "./watched.svelte";

export type Check = Schemas["CheckResultOut"];
export type Outcome = Schemas["CheckOutcome"];
export const OUTCOMES: readonly Outcome[] = ["ok", "odd", "impossible"];

type Said = ReadonlyMap<string, Outcome | null>;

export class Answers {
  /** What was not taken, in words. */
  problem = $state("");
  /** What the server does not have yet. */
  private said = $state.raw<Said>(new Map());
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly watched: WatchedCase) {}

  of(check: Check): Outcome | null {
    return this.said.get(check.check_id) ?? (this.said.has(check.check_id) ? null : (check.outcome ?? null));
  }

  /** Once the server has all that was said, or has refused it. */
  async settled(): Promise<void> {
    await this.turn;
  }

  /** The case with what was said and may still be on its way. */
  in(found: Case): Case {
    return { ...found, checks: found.checks.map((one) => ({ ...one, outcome: this.of(one) })) };
  }

  /** Say it of the check; null takes back what was said. */
  say({ check_id }: Check, outcome: Outcome | null): void {
    const params = { path: { case_id: this.watched.id, check_id } };
    this.send([check_id], outcome, async () => {
      if (outcome) await unwrap(api.PUT("/api/v1/cases/{case_id}/checks/{check_id}", { params, body: { outcome } }));
      else await unwrap(api.DELETE("/api/v1/cases/{case_id}/checks/{check_id}", { params }));
    });
  }

  /** Say that all of these, which are the open ones of the photo, are fine. It is one act. */
  rest({ evidence_id }: Evidence, checks: readonly Check[]): void {
    const params = { path: { case_id: this.watched.id } };
    this.send(idsOf(checks), "ok", () => unwrap(api.PUT("/api/v1/cases/{case_id}/checks", { params, body: { evidence_id } })));
  }

  /** Take it back, of those of which nobody has said anything else since. */
  reopen(checks: readonly Check[]): void {
    const [path, check_id] = [{ case_id: this.watched.id }, idsOf(checks)];
    this.send(check_id, null, () => unwrap(api.DELETE("/api/v1/cases/{case_id}/checks", { params: { path, query: { check_id } } })));
  }

  private send(ids: string[], outcome: Outcome | null, what: () => Promise<unknown>): void {
    this.problem = "";
    this.said = new Map([...this.said, ...ids.map((id) => [id, outcome] as const)]);
    this.turn = this.turn.then(async () => {
      try {
        await what();
      } catch (error) {
        this.problem = words(error);
      }
      await this.watched.look();
      const isOurs = (id: string): boolean => ids.includes(id) && this.said.get(id) === outcome;
      this.said = new Map([...this.said].filter(([id]) => !isOurs(id)));
    });
  }
}

function idsOf(checks: readonly Check[]): string[] {
  return checks.map((one) => one.check_id);
}

/** The checks that are done on this photo. What is about no photo, or about none that is here, is done on the first. */
export function checksOn(photo: Evidence | undefined, photos: readonly Evidence[], { checks }: Pick<Case, "checks">): Check[] {
  const here = new Set(photos.map((one) => one.shot));
  const isFirst = photo === photos[0];
  return checks.filter(({ shot }) => (shot && here.has(shot) ? shot === photo?.shot : isFirst));
}
