/** The person's inspections as the server tells them, kept fresh by its stream of hints. */

import { api, type Inspection, type InspectionRow } from "../../api/client";
import { told } from "$kit/api/told";
import { Offline, Problem } from "$kit/api/problem";
import { stream } from "$kit/api/stream.svelte";

class Inspections {
  rows = $state.raw<readonly InspectionRow[]>([]);
  /** When `rows` were true; undefined before the first answer. */
  asOf = $state.raw<Date>();

  /** Keep `rows` fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    return stream.listen(() => void this.look());
  }

  private async look(): Promise<void> {
    try {
      const page = await told(api.GET("/api/v1/inspections", { params: { query: { limit: 20 } } }));
      this.rows = page.items;
      this.asOf = new Date();
    } catch (error) {
      // What is shown stays, with its age; the stream says when to look again.
      if (!(error instanceof Offline || error instanceof Problem)) throw error;
    }
  }
}

export const inspections = new Inspections();

/** One inspection, whole. */
export function inspectionById(id: string): Promise<Inspection> {
  return told(api.GET("/api/v1/inspections/{inspection_id}", { params: { path: { inspection_id: id } } }));
}
