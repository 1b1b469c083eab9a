/** What a line of the page says, in words. */

import { stopwatch } from "$kit/i18n/format";
import { locale } from "$kit/i18n/language.svelte";
import t from "$messages/operations/Operations";
import type { Schemas } from "../../api/client";

export type Line = Schemas["LineOut"];

/** What it is about: a source by its name, a process by what it does. */
export function title({ figure, subject }: Line): string {
  const name = t().names[figure];
  if (!subject || figure === "cabinet") return name;
  const subjects: Record<string, string | undefined> = t().subjects;
  return `${name}: ${subjects[subject] ?? subject}`;
}

/** Its number; empty where there is none. */
export function figure({ figure, value, beside, state }: Line): string {
  const say = t().values;
  if (figure === "engine" || figure === "cabinet") return state === "fine" ? say.answers : "";
  if (value === null) return "";
  const other = beside ?? 0;
  switch (figure) {
    case "answers_hour":
    case "answers_today":
    case "answers_week":
      return say.share({ share: percent(value), count: other });
    case "left":
      return say.left({ half: length(value), most: length(other) });
    case "reaction":
      return say.reaction({ half: length(value), most: length(other) });
    case "free":
      return value ? length(value) : say.nobodyWaits;
    case "outbox":
    case "notifications":
    case "search":
      return value ? say.waits({ time: length(value), count: String(other) }) : say.nothingWaits;
    case "clocks":
      return value ? length(value) : say.nothingWaits;
    case "process":
      return say.heard({ time: length(value) });
    case "stuck":
      return say.stuck({ count: String(value), parked: String(other) });
    case "on_shift":
      return say.onShift({ experts: String(value), cases: String(other) });
    case "source":
      return say.source({ failed: String(value), count: other });
    default:
      return value ? String(value) : say.none;
  }
}

/** Why it is not known, or what is to be known beside the number. */
export function why({ figure, subject, beside, why: code }: Line): string {
  if (!code) return "";
  const say = t().why;
  if (code === "lacks") return say.lacks({ engines: subject ?? "" });
  if (code === "not_answered") return say.not_answered({ count: String(beside ?? 0) });
  if (code === "not_told") return figure === "backup" ? say.not_told_backup : say.not_told_cabinet_work;
  return say[code];
}

/** What to do about it; empty where there is nothing to be done. */
export function whatToDo({ state, runbook }: Line): string {
  if ((state !== "act" && state !== "look") || !runbook) return "";
  const books: Record<string, string | undefined> = t().runbooks;
  return books[runbook] ?? "";
}

function percent(share: number): string {
  // What is not all of them is never 100 %.
  const whole = Math.floor(share * 100) / 100;
  return new Intl.NumberFormat(locale.language, { style: "percent" }).format(whole);
}

function length(seconds: number): string {
  return `${seconds < 0 ? "−" : ""}${stopwatch(seconds)}`;
}
