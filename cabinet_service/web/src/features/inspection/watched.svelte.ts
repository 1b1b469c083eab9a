/** One inspection on the screen: fetched, and fetched again whenever the server says that it changed. */

import { api, type Inspection, type Schemas } from "../../api/client";
import { told } from "$kit/api/told";
import { stream } from "$kit/api/stream.svelte";
import { merged } from "$kit/looking";

type ClockOut = Schemas["ClockOut"];
export type Entry = Schemas["TimelineEntryOut"];
export type Message = Schemas["MessageOut"];

export class Watched {
  inspection = $state.raw<Inspection>();
  clock = $state.raw<ClockOut>();
  entries = $state.raw<readonly Entry[]>([]);
  messages = $state.raw<readonly Message[]>([]);
  /** When what is shown was true. */
  asOf = $state.raw<Date>();
  /** What kept the newest attempt to look from succeeding. */
  error = $state.raw<unknown>();
  /** The server's time less this phone's, in milliseconds: the phone's clock may be wrong by a day. */
  private ahead = 0;

  constructor(private readonly id: string) {}

  /** The server's time. */
  now(): number {
    return Date.now() + this.ahead;
  }

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    return stream.listen((hint) => {
      if (!hint || hint.subject_id === this.id) void this.look();
    });
  }

  /** Look once more. */
  readonly look = merged(() => this.fetch());

  private async fetch(): Promise<void> {
    const path = { inspection_id: this.id };
    const params = { path, query: { limit: 200 } };
    try {
      const [inspection, timeline, messages] = await Promise.all([
        told(api.GET("/api/v1/inspections/{inspection_id}", { params: { path } })),
        told(api.GET("/api/v1/inspections/{inspection_id}/timeline", { params })),
        told(api.GET("/api/v1/inspections/{inspection_id}/messages", { params })),
      ]);
      if (inspection.clock) {
        this.clock = await told(api.GET("/api/v1/inspections/{inspection_id}/clock", { params: { path } }));
        this.ahead = Date.parse(this.clock.reckoning.at) - Date.now();
      }
      this.inspection = inspection;
      this.entries = timeline.items;
      this.messages = messages.items;
      this.asOf = new Date();
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  }
}
