/** What sources know of a vehicle, asked again while some of it is still to come. */

import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type Schemas } from "../../api/client";
import { VEHICLE_ANSWERED } from "../../hints";

export type Vehicle = Schemas["VehicleOut"];
export type Entry = Schemas["EntryOut"];
export type Block = Schemas["VehicleBlockOut"];
export type Coverage = Schemas["BlockCoverageOut"];
export type Fall = Schemas["FallOut"];

/** Of a case by its id, or of a number. */
export type Wanted = { id: string } | { name: string; value: string };

const AGAIN_MS = 5000;
const MOST_TIMES = 24;

export class WatchedVehicle {
  found = $state.raw<Vehicle>();
  error = $state.raw<unknown>();
  isLooking = $state(false);
  private times = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly wanted: Wanted) {}

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    const stop = stream.listen((hint) => {
      if (!hint || ("id" in this.wanted && hint.subject_id === this.wanted.id && hint.kind === VEHICLE_ANSWERED)) void this.look();
    });
    return () => {
      stop();
      clearTimeout(this.timer);
      this.times = MOST_TIMES;
    };
  }

  readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    clearTimeout(this.timer);
    this.isLooking = true;
    try {
      this.found = await this.ask();
      this.error = undefined;
    } catch (error) {
      this.error = error;
    } finally {
      this.isLooking = false;
    }
    if (this.found && isUnsettled(this.found) && this.times < MOST_TIMES) {
      this.times += 1;
      this.timer = setTimeout(() => void this.look(), AGAIN_MS);
    }
  }

  private ask(): Promise<Vehicle> {
    if ("id" in this.wanted) return unwrap(api.GET("/api/v1/cases/{case_id}/vehicle", { params: { path: { case_id: this.wanted.id } } }));
    // Another name than there is one for is refused by the server, in its words.
    const path = { name: this.wanted.name as Schemas["NumberName"], value: this.wanted.value };
    return unwrap(api.GET("/api/v1/vehicles/{name}/{value}", { params: { path } }));
  }
}

function isUnsettled(found: Vehicle): boolean {
  return found.blocks.some((block) => block.coverage.some((one) => one.state === "running" || one.reason === "store_slow"));
}

/** Whether the store of files gave nothing, and why. */
export function storeFailed(found: Vehicle): "away" | "slow" | undefined {
  const reasons = new Set(found.blocks.flatMap((block) => block.coverage.map((one) => one.reason)));
  return reasons.has("store_slow") ? "slow" : reasons.has("store_away") ? "away" : undefined;
}

export class Records {
  private readonly entries: Map<string, Entry>;
  private readonly titles: Map<string, string>;

  constructor(readonly vehicle: Vehicle) {
    this.entries = new Map([...vehicle.entries, ...vehicle.of_others].map((one) => [one.id, one]));
    this.titles = new Map(vehicle.sources.map((one) => [one.name, one.title]));
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  all(ids: readonly string[]): Entry[] {
    return ids.map((id) => this.entries.get(id)).filter((one) => one !== undefined);
  }

  title(source: string): string {
    return this.titles.get(source) ?? source;
  }
}
