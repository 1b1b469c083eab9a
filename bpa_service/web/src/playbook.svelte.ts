/** Ready words for experts: fetched once, when they are first needed, and what a case puts in for their variables. */

import { told } from "$kit/api/told";
import { api, type Case, type Schemas, type Shot } from "./api/client";
import { shots } from "./i18n/words";

export type Template = Schemas["TemplateOut"];
export type TemplateKind = Schemas["TemplateKind"];

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
    this.templates = (await told(api.GET("/api/v1/templates"))).items;
  }

  /** Those for this place, those for this kind of marking first. */
  for(kind: TemplateKind, shot?: Shot): Template[] {
    const fitting = this.templates.filter((one) => one.kind === kind && (!one.shot || one.shot === shot));
    return fitting.sort((one, other) => Number(Boolean(other.shot)) - Number(Boolean(one.shot)));
  }
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
