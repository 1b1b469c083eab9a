/** The person's inspections as the server tells them, kept fresh by its stream of hints. */

import { api, type Inspection, type InspectionRow } from "../../api/client";
import { unwrap } from "$kit/api/unwrap";
import { Offline, Problem } from "$kit/api/problem";
import { stream } from "$kit/api/stream.svelte";
import { session } from "../../api/session.svelte";
import { drafts } from "../../drafts/drafts.svelte";
import { keep, recall } from "../../drafts/kept";

const KEPT_AS = "inspections";

class Inspections {
  private account = session.account;
  rows = $state.raw<readonly InspectionRow[]>([]);
  /** When `rows` were true; undefined before the first answer. */
  asOf = $state.raw<Date>();
  /** Whether the newest attempt to look failed. */
  isOld = $state(false);

  constructor() {
    session.onChange(() => {
      if (session.account === this.account) return;
      // Nobody sees what is another one's.
      this.account = session.account;
      this.rows = [];
      this.asOf = undefined;
    });
  }

  /** Keep `rows` fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    return stream.listen(() => void this.look());
  }

  /** Show what was told before, where nothing is shown yet. */
  async recall(): Promise<void> {
    const whose = session.account;
    const kept = whose === undefined || this.asOf ? undefined : await recall(whose, KEPT_AS);
    if (!kept || this.asOf || session.account !== whose) return;
    this.rows = kept.told as readonly InspectionRow[];
    this.asOf = new Date(kept.at);
  }

  private async look(): Promise<void> {
    const whose = session.account;
    try {
      const page = await unwrap(api.GET("/api/v1/inspections", { params: { query: { limit: 20 } } }));
      if (whose === undefined || session.account !== whose) return;
      this.rows = page.items;
      this.asOf = new Date();
      this.isOld = false;
      await keep(whose, KEPT_AS, page.items);
      await followDeletions(page.items);
    } catch (error) {
      // What is shown stays, with its age; the stream says when to look again.
      if (!(error instanceof Offline || error instanceof Problem)) throw error;
      this.isOld = true;
      await this.recall();
    }
  }
}

export const inspections = new Inspections();

/** Drafts that were deleted on another device go from this one, too. `rows` are the newest that the server has. */
async function followDeletions(rows: readonly InspectionRow[]): Promise<void> {
  const known = new Set(rows.filter(({ state }) => state === "draft").map(({ id }) => id));
  for (const { id, inspectionId, state } of drafts.all) {
    if (inspectionId === undefined || state !== "editing" || known.has(inspectionId)) continue;
    if ((await inspectionById(inspectionId)).state === "cancelled") await drafts.remove(id);
  }
}

/** One inspection, whole. */
export function inspectionById(id: string): Promise<Inspection> {
  return unwrap(api.GET("/api/v1/inspections/{inspection_id}", { params: { path: { inspection_id: id } } }));
}
