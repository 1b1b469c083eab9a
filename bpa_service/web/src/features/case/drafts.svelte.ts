/**
 * The verdict as it is being written: at once in this browser, and a moment later on the server, so that neither a
 * crash nor a change of hands loses it.
 */

import { told } from "$kit/api/told";
import { api, type Case, type Schemas, type Verdict } from "../../api/client";

export interface Draft {
  verdict: Verdict | "";
  summary: string;
  advice: string;
  /** One thing a line. */
  notCovered: string;
  /** Findings that it does not rest on. */
  without: readonly string[];
}

/** `saved` is when the server took the draft that this one grew from; `ours` while it has not got this one. */
interface Kept {
  draft: Draft;
  saved: string | undefined;
  ours: boolean;
}

const EMPTY: Draft = { verdict: "", summary: "", advice: "", notCovered: "", without: [] };
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

  constructor(private readonly found: Case) {
    const theirs = found.draft ?? undefined;
    this.begunBy = theirs?.author;
    const here = read(found.id);
    // The case may have been fetched before we saved: then what it brings is older than what is here.
    const newer = theirs && (!here?.saved || Date.parse(theirs.saved_at) > Date.parse(here.saved)) ? theirs : undefined;
    if (here?.ours) this.other = newer;
    this.kept =
      newer && !here?.ours
        ? { draft: of(newer), saved: newer.saved_at, ours: false }
        : (here ?? { draft: EMPTY, saved: undefined, ours: false });
    this.draft = { ...this.kept.draft };
    if (this.kept.saved) this.savedAt = new Date(this.kept.saved);
  }

  /** The draft has changed. */
  changed(draft: Draft): void {
    if (JSON.stringify(draft) === JSON.stringify(this.kept.draft)) return;
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
    if (!ours) return;
    const { verdict, summary, advice, notCovered, without } = draft;
    const body = { verdict: verdict || null, summary, advice, not_covered: notCovered, without: [...without] };
    const params = { path: { case_id: this.found.id } };
    try {
      const { saved_at } = await told(api.PUT("/api/v1/cases/{case_id}/draft", { params, body, keepalive: true }));
      this.savedAt = new Date(saved_at);
      this.keep({ ...this.kept, saved: saved_at, ours: this.kept.draft !== draft });
    } catch {
      // It is kept here; the banner says that there is no connection, the case who holds it now.
    }
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    localStorage.setItem(keptAs(this.found.id), JSON.stringify(kept));
  }
}

/** It has become a verdict. */
export function forget(caseId: string): void {
  localStorage.removeItem(keptAs(caseId));
}

function read(caseId: string): Kept | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keptAs(caseId)) ?? "null") as Kept | null;
    return kept?.draft ? { ...kept, draft: { ...EMPTY, ...kept.draft } } : undefined;
  } catch {
    return undefined;
  }
}

function of(written: Schemas["WritingOut"]): Draft {
  const { verdict, summary, advice, not_covered, without } = written;
  return { verdict: verdict ?? "", summary, advice, notCovered: not_covered, without };
}

function keptAs(caseId: string): string {
  return `verdict of ${caseId}`;
}
