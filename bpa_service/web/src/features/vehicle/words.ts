/** A history in words: days as exact as they are known, coverage that never says more than was looked at. */

import { day, dayOf, time } from "$kit/i18n/format";
import { locale } from "$kit/i18n/language.svelte";
import t from "$messages/vehicle/Vehicle";
import type { Coverage, Entry, Records } from "./vehicle.svelte";

type Why = keyof ReturnType<typeof t>["why"];

/** A day, a month or a year, as exactly as it is known. */
export function dayWords(date: string | null, precision: Entry["precision"] = "day"): string {
  if (date === null) return t().undated;
  if (precision === "year") return date.slice(0, 4);
  if (precision !== "month") return dayOf(date);
  const month = new Intl.DateTimeFormat(locale.language, { month: "long", year: "numeric", timeZone: "UTC" });
  return month.format(new Date(`${date}T00:00:00Z`));
}

export function number(value: number): string {
  return new Intl.NumberFormat(locale.language, { maximumFractionDigits: 0 }).format(value);
}

export function kilometres(km: number): string {
  return t().km({ km: number(km) });
}

/** As its source has it, and in kilometres where that is another unit. */
export function mileageWords({ mileage }: Entry): string {
  if (!mileage || mileage.value === null) return "";
  if (mileage.unit !== "mi") return kilometres(mileage.value);
  const miles = t().miles({ miles: number(mileage.value) });
  return mileage.km === null ? miles : `${miles} (${kilometres(mileage.km)})`;
}

/** Whence a record is. */
export function evidence(entry: Entry, records: Records): string {
  const source = records.title(entry.source);
  if (entry.asked_at) return t().evidenceAsked({ source, at: time(new Date(entry.asked_at)) });
  const [row, item] = [String(entry.row), String(entry.item)];
  const place = entry.item ? t().item({ row, item }) : t().row({ row });
  return t().evidence({ source, file: entry.file, place, at: day(new Date(entry.as_of)) });
}

/** What a record says beside its day and mileage, in its source's own words. */
export function said(entry: Entry): string[] {
  const of = entry.attributes;
  const told = [of.subject, of.result, of.damage, of.second_damage, of.defect, of.organisation, of.number, entry.place, entry.text];
  const car = [entry.make, entry.model, entry.year, entry.colour].filter(Boolean).join(" ");
  const money = entry.amount === null ? "" : `${number(entry.amount)} ${entry.currency}`.trim();
  const owner = of.owner_type === "natural" || of.owner_type === "legal" ? t().owner[of.owner_type] : of.owner_type;
  return [car, owner, ...told, money, entry.codes.join(", ")].filter((one): one is string => Boolean(one));
}

export interface Line {
  state: Coverage["state"];
  text: string;
}

/** How a block stands, a line for each source; those that were not looked at for one reason are one line. */
export function coverageLines(coverage: readonly Coverage[], records: Records): Line[] {
  const unseen = new Map<string, string[]>();
  const lines: Line[] = [];
  for (const one of coverage) {
    if (one.state === "not_covered") unseen.set(one.reason, [...new Set([...(unseen.get(one.reason) ?? []), records.title(one.source)])]);
    else lines.push({ state: one.state, text: line(one, records.title(one.source)) });
  }
  for (const [reason, sources] of unseen) lines.push({ state: "not_covered", text: t().cover.not_covered({ why: why(reason), source: sources.join(", ") }) });
  return lines;
}

function line(one: Coverage, title: string): string {
  const at = one.as_of ? day(new Date(one.as_of)) : "";
  const asked = one.asked_at ? time(new Date(one.asked_at)) : "";
  const source = one.state === "empty" && one.reason === "partial_deliveries" ? `${title} (${t().cover.partial})` : title;
  switch (one.state) {
    case "data":
      if (one.reason === "in_range" || one.reason === "perhaps_in_range") return t().cover[one.reason]({ source, count: one.count, at });
      return one.count ? t().cover.data({ source, count: one.count, at }) : t().cover.judged({ source, at });
    case "empty":
      return asked ? t().cover.emptyAsked({ source, at: asked }) : t().cover.empty({ source, at });
    case "failed":
      return t().cover.failed({ source, why: why(one.reason) });
    case "declined":
      return t().cover.declined({ source });
    default:
      return t().cover.running({ source });
  }
}

/** In words that there are; a reason that a source invents is no answer to believe. */
function why(reason: string): string {
  return reason in t().why ? t().why[reason as Why] : t().why.other;
}
