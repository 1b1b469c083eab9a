/** What is known of the car of a case before its photos are looked at: other cases, and who was asked at all. */

import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type Schemas } from "../../api/client";
import { WatchedVehicle } from "../vehicle/vehicle.svelte";

export type Known = Schemas["KnownOut"];
export type KnownCase = Schemas["KnownCase"];
export type Source = Schemas["Source"];

export class KnownOfCar {
  found = $state.raw<Known>();
  /** What kept the newest attempt from succeeding: then nothing is known, which is not that there is nothing. */
  error = $state.raw<unknown>();
  /** What records say of the car: looked up beside this, and nothing waits for it. */
  readonly vehicle: WatchedVehicle;

  constructor(private readonly caseId: string) {
    this.vehicle = new WatchedVehicle({ id: caseId });
  }

  /** Whether a case is tied to this one: who has it is said here. */
  isTiedTo(id: string): boolean {
    return this.found?.cases.some((one) => one.tie && one.case_id === id) ?? false;
  }

  /** Ask once more. Returns once what is shown is no older than the wish. */
  readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    try {
      this.found = await unwrap(api.GET("/api/v1/cases/{case_id}/known", { params: { path: { case_id: this.caseId } } }));
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  }
}

/** The cases with the same photo first, then those with one like it: nobody should miss them. Otherwise the newest. */
export function weightiest(cases: readonly KnownCase[]): KnownCase[] {
  const shown = (one: KnownCase): number => 2 * Number(one.same_photos.length > 0) + Number(one.similar_photos.length > 0);
  return [...cases].sort((one, other) => shown(other) - shown(one));
}

/** How many numbers of cars the plate was on, beside the one of this case. */
export function otherNumbers(cases: readonly KnownCase[]): number {
  return new Set(cases.filter((one) => one.same_plate && !one.same_number).map((one) => one.identifier)).size;
}
