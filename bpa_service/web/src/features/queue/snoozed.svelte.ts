/** Cases that somebody put off for a few minutes: at this desk only, for nobody else, and never longer. */

import { keep, kept, placeOf } from "../../kept.svelte";

const LENGTH = 5 * 60_000;

type Until = Readonly<Record<string, number>>;

class Snoozed {
  /** By the place where they are kept: that of whoever is signed in. */
  private read = $state.raw<Readonly<Record<string, Until>>>({});

  /** Those that are put off now. */
  get ids(): ReadonlySet<string> {
    return new Set(Object.keys(this.until));
  }

  add(caseId: string): void {
    this.put({ ...this.until, [caseId]: Date.now() + LENGTH });
  }

  wakeAll(): void {
    this.put({});
  }

  /** Let those come back whose time has come. */
  wake(): void {
    const still = Object.entries(this.until).filter(([, until]) => until > Date.now());
    if (still.length < Object.keys(this.until).length) this.put(Object.fromEntries(still));
  }

  private get until(): Until {
    const place = placeOf("snoozed");
    return this.read[place] ?? kept<Until>(place)?.what ?? {};
  }

  private put(until: Until): void {
    const place = placeOf("snoozed");
    this.read = { ...this.read, [place]: until };
    keep(place, until);
  }
}

export const snoozed = new Snoozed();
