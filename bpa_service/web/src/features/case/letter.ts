/** The letter that is ready for a verdict: of the ready words that go with it, and of what was not photographed. */

import { locale } from "$kit/i18n/language.svelte";
import { SHOTS } from "$kit/vocabulary";
import shots from "$messages/kit/shots";
import type { Case, Verdict } from "../../api/client";
import { filled, playbook, type TemplateKind } from "../../playbook.svelte";

export interface Letter {
  summary: string;
  advice: string;
  /** One thing a line. */
  notCovered: string;
}

export function readyLetter(found: Case, verdict: Verdict | ""): Letter {
  return {
    summary: words("summary", found, verdict),
    advice: words("advice", found, verdict),
    notCovered: verdict ? unseen(found).join("\n") : "",
  };
}

/** The first words that were written for this verdict, in the client's language before the desk's. */
function words(kind: TemplateKind, found: Case, verdict: Verdict | ""): string {
  if (!verdict) return "";
  const languages = [...new Set([found.client.language ?? locale.language, locale.language])];
  const fitting = playbook.for({ kind, verdict, languages }).filter((one) => one.verdict === verdict);
  const [best] = languages.flatMap((language) => fitting.filter((one) => one.language === language));
  const chosen = best ?? fitting[0];
  return chosen ? filled(chosen.text, found) : "";
}

/** What a car has and no photo shows, by name. */
function unseen({ evidence }: Case): string[] {
  return SHOTS.filter((shot) => shot !== "other" && !evidence.some((one) => one.shot === shot)).map((shot) => shots()[shot]);
}
