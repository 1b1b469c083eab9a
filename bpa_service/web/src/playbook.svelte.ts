/** Ready words for experts: fetched once, when they are first needed, and what a case puts in for their variables. */

import { unwrap } from "$kit/api/unwrap";
import { api, type Case, type Schemas, type Shot, type Verdict } from "./api/client";
import shots from "$messages/kit/shots";

export type Template = Schemas["TemplateOut"];
export type TemplateKind = Schemas["TemplateKind"];
export type Language = Schemas["Language"];

/** Where words are to be offered. */
export interface Wanted {
  kind: TemplateKind;
  shot?: Shot | undefined;
  /** The verdict that is chosen; words for another one would be false under it. */
  verdict?: Verdict | "" | undefined;
  /** The languages that can be of use: the desk's, and the client's. */
  languages: readonly string[];
}

class Playbook {
  templates = $state.raw<readonly Template[]>([]);
  private asked: Promise<void> | undefined;

  /** Have the templates at hand. Without them one writes by oneself, so nothing is said if they do not come. */
  want(): Promise<void> {
    this.asked ??= this.look().catch(() => {
      this.asked = undefined;
    });
    return this.asked;
  }

  async look(): Promise<void> {
    this.templates = (await unwrap(api.GET("/api/v1/templates"))).items;
  }

  /** Those for this place, those for this kind of marking first. */
  for(wanted: Wanted): Template[] {
    const fitting = this.templates.filter((one) => fits(one, wanted));
    return fitting.sort((one, other) => Number(Boolean(other.shot)) - Number(Boolean(one.shot)));
  }
}

export function fits(one: Template, { kind, shot, verdict, languages }: Wanted): boolean {
  return (
    one.kind === kind &&
    (!one.shot || one.shot === shot) &&
    (!one.verdict || one.verdict === verdict) &&
    (!one.language || languages.includes(one.language))
  );
}

/** The words with what the case says put in for `{number}`, `{vin}`, `{car}` and `{shot}`. */
export function filled(text: string, found: Pick<Case, "number" | "identifier" | "claim">, shot?: Shot): string {
  const { make, model, year } = found.claim;
  const values: Record<string, string> = {
    number: found.number,
    vin: found.identifier,
    car: [make, model, year].filter(Boolean).join(" ") || found.identifier,
    shot: shot ? shots()[shot] : "",
  };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export const playbook = new Playbook();
