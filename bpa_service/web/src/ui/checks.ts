/** Checks in the language of the desk. */

import { locale } from "$kit/i18n/language.svelte";

export function saidOf({ text, text_en }: { text: string; text_en?: string | null }): string {
  return (locale.language === "en" && text_en) || text;
}
