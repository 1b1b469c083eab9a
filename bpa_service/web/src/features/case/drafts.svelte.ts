/**
 * The verdict as it is being written: at once in this browser, for whoever writes it, and a moment later on the
 * server, for whoever goes on with the case: so that neither a crash nor a change of hands loses it.
 */

import { unwrap } from "$kit/api/unwrap";
import { api, type Case, type Decision, type Schemas, type Verdict } from "../../api/client";
import { drop, isMine, keep, kept, placeOf } from "../../kept.svelte";

export interface Draft {
  verdict: Verdict | "";
  summary: string;
  advice: string;
  /** One thing a line. */
  notCovered: string;
  /** Findings in the order in which they are told; those that are not in it follow. */
  ordered: readonly string[];
  /** Findings that it does not rest on. */
  without: readonly string[];
  /** Why it does not, by the finding's id. */
  reasons: Readonly<Record<string, string>>;
  /** Why an answer changes. */
  reason: string;
}

/** `saved` is when the server took the draft that this one grew from; `ours` while it has not got this one. */
interface Kept {
  draft: Draft;
  saved: string | undefined;
  ours: boolean;
}

const EMPTY: Draft = { verdict: "", summary: "", advice: "", notCovered: "", ordered: [], without: [], reasons: {}, reason: "" };
const PAUSE = 800;

export class DraftOfCase {
  draft = $state<Draft>(EMPTY);
  /** Somebody else has written one meanwhile: whose, and a way to go on with theirs. */
  other = $state.raw<Schemas["WritingOut"]>();
  savedAt = $state.raw<Date>();
  /** Who had begun it, if anybody had. */
  readonly begunBy: Schemas["ExpertRef"] | undefined;
  private kept: Kept;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over = false;
  private readonly place: string;

  /** `amended` is the answer that it is to replace: what was said then is what one begins with. */
  constructor(
    private readonly found: Case,
    private readonly amended?: Decision,
  ) {
    const theirs = found.draft ?? undefined;
    this.begunBy = theirs?.author;
    this.place = placeOf(keptAs(found.id, amended?.version));
    const here = read(this.place);
    // The case may have been fetched before we saved: then what it brings is older than what is here.
    const newer = theirs && (!here?.saved || Date.parse(theirs.saved_at) > Date.parse(here.saved)) ? theirs : undefined;
    if (here?.ours) this.other = newer;
    this.kept =
      newer && !here?.ours
        ? { draft: of(newer), saved: newer.saved_at, ours: false }
        : (here ?? { draft: amended ? saidIn(amended, found) : EMPTY, saved: undefined, ours: false });
    this.draft = { ...this.kept.draft };
    if (this.kept.saved) this.savedAt = new Date(this.kept.saved);
  }

  /** The draft has changed. */
  changed(draft: Draft): void {
    if (this.over || JSON.stringify(draft) === JSON.stringify(this.kept.draft)) return;
    this.keep({ draft, saved: this.kept.saved, ours: true });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Go on with what somebody else has written. */
  takeOther(): void {
    if (!this.other) return;
    this.draft = of(this.other);
    this.keep({ draft: this.draft, saved: this.other.saved_at, ours: false });
    this.other = undefined;
  }

  /** Have the server take it now. What it does not take stays here, and goes with the next change. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    const { draft, ours } = this.kept;
    // Whoever has signed in meanwhile did not write it.
    if (!ours || this.over || !isMine(this.place)) return;
    const { verdict, summary, advice, notCovered, ordered, without, reasons, reason } = draft;
    const body = {
      verdict: verdict || null,
      summary,
      advice,
      not_covered: notCovered,
      ordered: [...ordered],
      without: [...without],
      left_out: Object.entries(reasons).map(([finding_id, why]) => ({ finding_id, reason: why })),
      reason,
      amends: this.amended?.version ?? null,
    };
    const params = { path: { case_id: this.found.id } };
    try {
      const { saved_at } = await unwrap(api.PUT("/api/v1/cases/{case_id}/draft", { params, body, keepalive: true }));
      this.savedAt = new Date(saved_at);
      if (!this.over) this.keep({ ...this.kept, saved: saved_at, ours: this.kept.draft !== draft });
    } catch {
      // It is kept here; the banner says that there is no connection, the case who holds it now.
    }
  }

  /** It was sent: what is typed or saved from now on brings nothing back. */
  end(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    keep(this.place, kept);
  }
}

/** It has become a verdict, in place of the answer of that version if there was one. */
export function forget(caseId: string, amended?: number): void {
  drop(placeOf(keptAs(caseId, amended)));
}

function read(place: string): Kept | undefined {
  const here = kept<Kept>(place)?.what;
  return here?.draft ? { ...here, draft: { ...EMPTY, ...here.draft } } : undefined;
}

function of(written: Schemas["WritingOut"]): Draft {
  const { verdict, summary, advice, not_covered, ordered, without, left_out, reason } = written;
  const reasons = Object.fromEntries(left_out.map((one) => [one.finding_id, one.reason]));
  return { verdict: verdict ?? "", summary, advice, notCovered: not_covered, ordered, without, reasons, reason };
}

/** What an answer says, as a draft; what was found since then is among what it rests on. */
function saidIn({ verdict, summary, advice, not_covered, findings, left_out }: Decision, found: Case): Draft {
  const still = new Set(found.findings.map((one) => one.finding_id));
  const left = left_out.filter((one) => still.has(one.finding.finding_id));
  return {
    verdict,
    summary,
    advice: advice ?? "",
    notCovered: not_covered.join("\n"),
    ordered: findings.map((one) => one.finding_id),
    without: left.map((one) => one.finding.finding_id),
    reasons: Object.fromEntries(left.map((one) => [one.finding.finding_id, one.reason])),
    reason: "",
  };
}

function keptAs(caseId: string, amended?: number): string {
  return `verdict in ${caseId}${amended ? ` instead of ${amended}` : ""}`;
}
