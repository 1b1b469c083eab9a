/**
 * The work on a case: which photo and which part of it is before one, what is said of the checks, and how the last act
 * is undone. What is written in forms is not here, but in `writing.ts`.
 */

import { Answers, checksOn, type Check, type Outcome } from "./answers.svelte";
import { inOrder } from "./photos";
import { PhotoReadings } from "./readings.svelte";
import type { Evidence, Place } from "../../api/client";
import type { WatchedCase } from "./watched.svelte";

export const STAGES = ["photo", "findings", "verdict"] as const;
/** The first three in this order; the others stand beside them. */
export type Stage = (typeof STAGES)[number] | "finding" | "ask" | "opinion" | "chat" | "notes" | "about";

export class CaseWork {
  stage = $state<Stage>("photo");
  marking = $state(false);
  /** A wish that was not granted: say so until the next one. */
  tooSoon = $state(false);
  readonly answers: Answers;
  readonly readings: PhotoReadings;
  readonly photos: readonly Evidence[] = $derived.by(() => (this.watched.case ? inOrder(this.watched.case) : []));
  readonly photo: Evidence | undefined = $derived.by(() => this.photos.find((one) => one.evidence_id === this.photoId) ?? this.photos[0]);
  /** What is to be checked on the photo. */
  readonly checks: readonly Check[] = $derived.by(() => this.checksOf(this.photo));
  /** The one that the digits answer. */
  readonly check: Check | undefined = $derived.by(
    () => this.checks.find((one) => one.check_id === this.checkId) ?? this.checks.find((one) => !this.answers.of(one)),
  );
  private photoId = $state<string>();
  private checkId = $state<string>();
  private looked = $state.raw<ReadonlySet<string>>(new Set());
  private undos = $state.raw<readonly (() => Promise<void> | void)[]>([]);

  constructor(private readonly watched: WatchedCase) {
    this.answers = new Answers(watched);
    this.readings = new PhotoReadings(watched);
  }

  /** Whether we may say anything now. */
  get may(): boolean {
    return this.watched.may("record_finding");
  }

  /** How many of the required checks are answered, and how many there are. */
  get required(): { done: number; all: number } {
    const all = this.watched.case?.checks.filter((one) => one.required) ?? [];
    return { done: all.filter((one) => this.answers.of(one)).length, all: all.length };
  }

  /** The photo before or after, where there is one. */
  beside(by: number): Evidence | undefined {
    return this.photos[this.photos.findIndex((one) => one === this.photo) + by];
  }

  isDone(photo: Evidence): boolean {
    return this.checksOf(photo).every((one) => this.answers.of(one));
  }

  /** Whether there was something to say of it, and all is said. */
  isSaid(photo: Evidence): boolean {
    return this.checksOf(photo).length > 0 && this.isDone(photo);
  }

  show(photo: Evidence | undefined): void {
    if (!photo) return;
    this.photoId = photo.evidence_id;
    this.checkId = undefined;
    this.tooSoon = false;
    if (this.stage === "findings") this.stage = "photo";
  }

  showPlace({ evidence_id }: Place): void {
    this.photoId = evidence_id;
  }

  /** Have the digits answer this one. */
  pick(check: Check): void {
    this.checkId = check.check_id;
  }

  /** The photo was on the screen for long enough, or close. */
  sawOf(photo: Evidence): void {
    if (!this.looked.has(photo.evidence_id)) this.looked = new Set([...this.looked, photo.evidence_id]);
    if (photo === this.photo) this.tooSoon = false;
  }

  /** Answer the check; the same outcome once more takes it back. Returns the check that was found odd, if it was. */
  say(outcome: Outcome): Check | undefined {
    const { check } = this;
    if (!check || !this.may) return undefined;
    const before = this.answers.of(check);
    const now = before === outcome ? null : outcome;
    this.answers.say(check, now);
    this.done(() => this.answers.say(check, before));
    this.checkId = undefined;
    if (now === "odd") return check;
    this.goOn();
    return undefined;
  }

  /** What is about this photo and still open: what is about none is said of by itself. */
  get rest(): readonly Check[] {
    return this.checks.filter((one) => one.shot === this.photo?.shot && !this.answers.of(one));
  }

  /** All of that is fine, if the photo was looked at. */
  restIsFine(): void {
    const { photo, rest } = this;
    if (!photo || !rest.length || !this.may) return;
    this.tooSoon = !this.looked.has(photo.evidence_id);
    if (this.tooSoon) return;
    this.answers.rest(photo, rest);
    this.done(() => this.answers.reopen(rest));
    this.goOn();
  }

  /** To the next photo with something open, once all is said of this one. */
  goOn(): void {
    const { photo, photos } = this;
    this.stage = "photo";
    if (!photo || !this.isDone(photo)) return;
    const here = photos.indexOf(photo);
    this.show([...photos.slice(here + 1), ...photos.slice(0, here)].find((one) => !this.isDone(one)));
  }

  /** Something was done that can be undone. */
  done(undo: () => Promise<void> | void): void {
    this.undos = [...this.undos, undo];
  }

  /** Whether anything was done on this visit that is not undone yet. */
  get isBegun(): boolean {
    return this.undos.length > 0;
  }

  /** Say what stands on the photo, and go on if nothing else is to be said of it. */
  read(said: Parameters<PhotoReadings["accept"]>[1]): void {
    if (!this.photo || !this.may) return;
    this.done(this.readings.accept(this.photo, said));
    this.goOn();
  }

  /** Undo the last act of this visit. Raises Problem or Offline. */
  async undo(): Promise<void> {
    const last = this.undos.at(-1);
    this.undos = this.undos.slice(0, -1);
    await last?.();
  }

  private checksOf(photo: Evidence | undefined): Check[] {
    return this.watched.case ? checksOn(photo, this.photos, this.watched.case) : [];
  }
}
