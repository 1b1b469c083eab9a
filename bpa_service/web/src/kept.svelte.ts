/**
 * What somebody has at this desk and nowhere else: words that are not sent yet. They are theirs alone, and are there
 * again when they come back; a colleague at the same desk sees nothing of them. Not touched for a fortnight they go.
 */

import { session } from "./api/session.svelte";

const DAY = 24 * 60 * 60_000;
const LIFE = 14 * DAY;
export const A_YEAR = 365 * DAY;
const MARK = "kept/";
/** As things were kept before they had an owner. */
const NOBODYS = /^(verdict of |views of the queue$|snoozed cases$)/;

interface Entry<T> {
  at: number;
  until: number;
  what: T;
}

/** Where something of this name is kept for whoever is signed in now. It stays theirs, whoever comes next. */
export function placeOf(name: string): string {
  return `${MARK}${session.me?.id ?? ""}/${name}`;
}

/** Whether a place is that of whoever is signed in now. */
export function isMine(place: string): boolean {
  return place.startsWith(placeOf(""));
}

/** What is kept there, and when it was. */
export function kept<T>(place: string): Entry<T> | undefined {
  try {
    const entry = JSON.parse(localStorage.getItem(place) ?? "null") as Entry<T> | null;
    return entry && typeof entry.at === "number" ? entry : undefined;
  } catch {
    return undefined;
  }
}

export function keep(place: string, what: unknown, life = LIFE): void {
  try {
    const at = Date.now();
    localStorage.setItem(place, JSON.stringify({ at, until: at + life, what }));
  } catch {
    // The disk is full, or the browser keeps nothing: it is on the screen as long as that is.
  }
}

export function drop(place: string): void {
  localStorage.removeItem(place);
}

/** Let go of what is too old, and of what is nobody's: nobody could say whose words they were. */
export function sweep(): void {
  for (const key of Object.keys(localStorage)) {
    if (NOBODYS.test(key) || (key.startsWith(MARK) && isOld(key))) localStorage.removeItem(key);
  }
}

function isOld(place: string): boolean {
  return !((kept(place)?.until ?? 0) > Date.now());
}

/**
 * What is being written in a form: here again after Escape, another screen, a reload or the end of the session, until
 * it is sent.
 */
export class Writing<T extends object> {
  /** As it is on the screen. */
  value = $state() as T;
  /** Since when it waits, where it was written before the form was opened. */
  since = $state.raw<Date>();
  private readonly place: string;

  /** `says` is what makes it worth keeping: a form in which only a choice was made is empty still. */
  constructor(
    name: string,
    private readonly empty: T,
    private readonly says: (value: T) => string,
  ) {
    this.place = placeOf(name);
    const found = kept<Partial<T>>(this.place);
    this.value = { ...empty, ...found?.what };
    this.since = found && new Date(found.at);
  }

  /** Whether anything waits to be sent. */
  get waits(): boolean {
    return this.says(this.value).trim() !== "";
  }

  /** Keep what is there now. To be called in an effect: it reads all of it. */
  keep(): void {
    const value = $state.snapshot(this.value) as T;
    if (JSON.stringify(value) === JSON.stringify(kept(this.place)?.what)) return;
    if (this.says(value).trim()) keep(this.place, value);
    else drop(this.place);
  }

  /** It was sent, or is not wanted. */
  clear(): void {
    this.value = { ...this.empty };
    this.since = undefined;
    drop(this.place);
  }
}

/** The same for what is there already and is being changed: as long as nothing is different, nothing is kept. */
export function changing<T extends object>(name: string, now: T): Writing<T> {
  const as = JSON.stringify(now);
  return new Writing(name, now, (value) => (JSON.stringify(value) === as ? "" : "changed"));
}
