/** Instants and lengths in words, in the language and the time zone of the reader. */

import t from "$messages/kit/format";
import { locale } from "./language.svelte";

const DAY = 24 * 60 * 60 * 1000;

/** `14:05`, with the day where it is not today: people plan by the time on a wall, not by minutes left. */
export function time(instant: Date, now = new Date()): string {
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const sameDay = instant.toDateString() === now.toDateString();
  const options = sameDay ? clock : { ...clock, day: "numeric" as const, month: "short" as const };
  return new Intl.DateTimeFormat(tag(), options).format(instant);
}

/** `25 November`, with the year where it is another one. */
export function day(instant: Date, now = new Date()): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "long" };
  if (instant.getFullYear() !== now.getFullYear()) options.year = "numeric";
  return new Intl.DateTimeFormat(tag(), options).format(instant);
}

/** `25 Nov 2026, 14:05:09`: an instant on record, in the reader's time zone unless another is given. */
export function moment(instant: Date, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "medium" };
  return new Intl.DateTimeFormat(tag(), timeZone ? { ...options, timeZone } : options).format(instant);
}

/** The same of a date that is a day in itself (`2026-11-28`), wherever its reader is. */
export function dayOf(date: string, now = new Date()): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", timeZone: "UTC" };
  if (!date.startsWith(`${now.getFullYear()}-`)) options.year = "numeric";
  return new Intl.DateTimeFormat(tag(), options).format(new Date(`${date}T00:00:00Z`));
}

/** `7:12`, or `1:07:12` from an hour on; the sign goes. */
export function stopwatch(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `12 min`, at least one: for reading at a glance. Russian says "1 минута", and "на 1 минуту". */
export function minutes(seconds: number, grammar: "nominative" | "accusative" = "nominative"): string {
  return t().minutes[grammar]({ count: Math.max(1, Math.round(Math.abs(seconds) / 60)) });
}

/** `3.4 MB`. */
export function size(bytes: number): string {
  const unit = bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const value = bytes / (unit === "kilobyte" ? 1000 : 1_000_000);
  return new Intl.NumberFormat(tag(), {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: unit === "kilobyte" ? 0 : 1,
  }).format(value);
}

/** Whole days from now on, at least 0. */
export function daysUntil(instant: Date, now = new Date()): number {
  return Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / DAY));
}

function tag(): string {
  return locale.language === "ru" ? "ru-RU" : "en-GB";
}
