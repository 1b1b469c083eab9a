/** Imports in words. */

import { locale } from "$kit/i18n/language.svelte";
import t from "$messages/imports/told";
import type { Import } from "./sending";

export type Tone = "info" | "ok" | "warn" | "bad" | "mute";

export function count(value: number): string {
  return new Intl.NumberFormat(locale.language === "ru" ? "ru-RU" : "en-GB").format(value);
}

/** Whether something is still to come of it. */
export function isActive({ state }: Import): boolean {
  return state === "waiting" || state === "running" || state === "undoing";
}

/** How it stands. */
export function standing(run: Import): string {
  const words = t();
  if (run.reason === "engine_away" && isActive(run)) return words.engine_away;
  if (run.state !== "running") return words.states[run.state];
  if (!run.shows_life) return words.cut;
  return isRead(run) ? words.comparing : words.states.running;
}

export function tone(run: Import): Tone {
  if (isActive(run)) return run.reason || (run.state === "running" && !run.shows_life) ? "warn" : "info";
  return run.state === "published" ? "ok" : run.state === "failed" ? "bad" : "mute";
}

/** What share of the file is read, while it is. */
export function share(run: Import): number | undefined {
  if (run.state !== "running" || !run.size_bytes || isRead(run)) return undefined;
  return Math.min(1, run.progress.bytes_read / run.size_bytes);
}

function isRead(run: Import): boolean {
  return Boolean(run.size_bytes) && run.progress.bytes_read >= (run.size_bytes ?? 0) && run.progress.portion > 0;
}

/** Why it failed; undefined where it did not. A reason of a newer server is shown as it is. */
export function why(run: Import): string | undefined {
  if (run.reason === null || isActive(run)) return undefined;
  return named(t().reasons, run.reason);
}

/** What became of the rows, so that one can add it up. */
export function account({ tally }: Import): string {
  const rejected = Object.values(tally.rejected).reduce((sum, one) => sum + one, 0);
  return t().account({
    rows: count(tally.rows),
    records: count(tally.records),
    duplicates: count(tally.duplicates),
    rejected: count(rejected),
  });
}

/** Rejected rows by their reason, the most first. */
export function rejects({ tally }: Import): { reason: string; count: number }[] {
  return Object.entries(tally.rejected)
    .map(([code, number]) => ({ reason: named(t().rejects, code), count: number }))
    .sort((one, other) => other.count - one.count);
}

export function broughtBy(run: Import): string {
  return run.started_by?.display_name ?? t().cameBy[run.came_by];
}

/** What a code is called; a newer server may have more of them. */
export function named(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code;
}
