/** Checks in the language of the desk. */

import { locale } from "$kit/i18n/language.svelte";

export function saidOf({ text, text_en }: { text: string; text_en?: string | null }): string {
  return (locale.language === "en" && text_en) || text;
}

/** What a finding says where it is odd; nothing where the checklist has no words for it. */
export function oddOf({ odd_text, odd_text_en }: { odd_text?: string | null; odd_text_en?: string | null }): string {
  return (locale.language === "en" && odd_text_en) || odd_text || "";
}
