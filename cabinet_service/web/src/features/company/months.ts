/** Months as the server names them: `2026-11`. */

import { locale } from "$kit/i18n/language.svelte";

/** The month and those before it, `count` together. */
export function monthsUpTo(month: string, count: number): string[] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return Array.from({ length: count }, (_, ago) => new Date(Date.UTC(year, number - 1 - ago)).toISOString().slice(0, 7));
}

/** `November 2026`. */
export function monthInWords(month: string): string {
  return new Intl.DateTimeFormat(locale.language, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01`));
}
