/** One case on the screen: fetched, and fetched again whenever the server says that it changed. */

import { Problem } from "$kit/api/problem";
import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type Act, type Case, type Schemas } from "../../api/client";
import { session } from "../../api/session.svelte";
import { isOfCase, VEHICLE_ANSWERED } from "../../hints";
import { presence } from "../../presence.svelte";
import { KnownOfCar } from "./known.svelte";
import { writingIn, type CaseWriting } from "./writing";

const KEPT = 8;
/** What changes what is known of other cases: a photo or a name of the car came, or was found to be theirs, too. */
const KNOWN_CHANGED = ["case.tied", "case.untied", "case.evidence_added", "case.photos_compared", "case.car_called", "case.reading_accepted", "case.reading_withdrawn", VEHICLE_ANSWERED];
/** A lease lasts three times as long. */
const HEARTBEAT = 30_000;
/** The newest cases that were looked at, so that the next one is painted before it is asked for. */
const known = new Map<string, Case>();

function remember(found: Case): void {
  known.delete(found.id);
  known.set(found.id, found);
  for (const oldest of known.keys()) {
    if (known.size <= KEPT) break;
    known.delete(oldest);
  }
}

/** Have a case at hand that is likely to be opened next. */
export async function prefetch(id: string): Promise<Case | undefined> {
  try {
    const found = known.get(id) ?? (await fetchCase(id));
    remember(found);
    return found;
  } catch {
    return undefined; // it is asked for again when it is opened
  }
}

export function fetchCase(id: string): Promise<Case> {
  return unwrap(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id } } }));
}

export class WatchedCase {
  case = $state.raw<Case>();
  clock = $state.raw<Schemas["ClockOut"]>();
  /** When what is shown was true. */
  asOf = $state.raw<Date>();
  /** What kept the newest attempt to look from succeeding. */
  error = $state.raw<unknown>();
  /** What we write and have not sent. */
  readonly writing: CaseWriting;
  readonly known: KnownOfCar;
  private ahead = 0;

  constructor(readonly id: string) {
    this.case = known.get(id);
    this.writing = writingIn(id);
    this.known = new KnownOfCar(id);
  }

  /** The server's time. */
  now(): number {
    return Date.now() + this.ahead;
  }

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    void this.known.look();
    const leave = this.known.vehicle.watch();
    const stop = stream.listen((hint) => {
      // What else other cases say is told of by none of them: a line that was cut is a reason to ask, too.
      if (!hint || (hint.subject_id === this.id && KNOWN_CHANGED.includes(hint.kind)) || (isOfCase(hint) && this.known.isTiedTo(hint.subject_id)))
        void this.known.look();
      if (!hint || (hint.subject_id === this.id && isOfCase(hint))) void this.look();
    });
    return () => {
      stop();
      leave();
    };
  }

  /** Look once more. Returns once what is shown is no older than the wish. */
  readonly look = coalesced(() => this.fetch());

  /** Whether we hold it. */
  get mine(): boolean {
    return this.case !== undefined && this.case.holder?.expert_id === session.me?.id;
  }

  /** What we may do, once there is a connection. */
  get acts(): readonly Act[] {
    return this.case?.acts ?? [];
  }

  /** Whether we may do it now. */
  may(act: Act): boolean {
    return !stream.cut && this.acts.includes(act);
  }

  /** Be seen at the case, and keep it if it is ours, until the function that is returned is called. */
  stay(): () => void {
    const leave = presence.appear(this.id);
    const timer = setInterval(() => void this.beat(), HEARTBEAT);
    return () => {
      clearInterval(timer);
      leave();
    };
  }

  private async beat(): Promise<void> {
    if (!this.mine) return;
    try {
      await unwrap(api.PUT("/api/v1/cases/{case_id}/lease", { params: { path: { case_id: this.id } } }));
    } catch {
      await this.look(); // it says who has it now
    }
  }

  private async fetch(): Promise<void> {
    const params = { path: { case_id: this.id } };
    try {
      const [found, clock] = await Promise.all([
        fetchCase(this.id),
        unwrap(api.GET("/api/v1/cases/{case_id}/clock", { params })),
      ]);
      this.ahead = Date.parse(clock.reckoning.at) - Date.now();
      this.case = found;
      this.clock = clock;
      this.asOf = new Date();
      this.error = undefined;
      remember(found);
    } catch (error) {
      this.error = error;
      if (error instanceof Problem && error.status === 404) this.case = undefined;
    }
  }
}
