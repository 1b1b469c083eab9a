/** What is wrong with catalogues of messages, in words for whoever translates or programs. */

import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { BadMessage, parse, placeholders, sectionOf, SOURCE, TYPES, type Catalogue, type Icu } from "./catalogue.ts";

/** Every gap, unknown key, unreadable text, other placeholder and lacking form of a plural, in any language. */
export function faults(icu: Icu, catalogue: Catalogue): string[] {
  const found: string[] = [];
  const source = catalogue.texts.get(SOURCE) ?? new Map<string, string>();
  for (const [key, { placeholders: said = {} }] of catalogue.described) {
    if (!source.has(key)) found.push(`${SOURCE}.arb describes ${key}, which is not there`);
    for (const [name, { type }] of Object.entries(said)) {
      if (!(type in TYPES)) found.push(`${SOURCE}.arb, ${key}: ${name} is of the unknown type ${type}`);
    }
  }
  for (const [language, texts] of catalogue.texts) {
    const tell = (key: string, what: string): void => void found.push(`${language}.arb, ${key}: ${what}`);
    for (const key of source.keys()) if (!texts.has(key)) tell(key, "is missing");
    for (const [key, text] of texts) {
      if (!source.has(key)) tell(key, "is unknown");
      if (!text.trim()) tell(key, "is empty");
      try {
        const elements = parse(icu, language, key, text);
        const wanted = language === SOURCE ? described(catalogue, key) : kinds(parse(icu, SOURCE, key, source.get(key) ?? text));
        const given = language === SOURCE ? [...placeholders(elements).keys()].sort().join(", ") : kinds(elements);
        if (given !== wanted) tell(key, `has the placeholders (${given}) and not (${wanted})`);
        for (const [name, kind] of placeholders(elements)) {
          const type = catalogue.described.get(key)?.placeholders?.[name]?.type ?? "String";
          if (kind === "plural" && TYPES[type] !== "number") tell(key, `counts by ${name}, which is no number`);
        }
        for (const form of lackingForms(icu, language, elements)) tell(key, `lacks the plural form "${form}"`);
      } catch (error) {
        if (!(error instanceof BadMessage)) throw error;
        found.push(error.message);
      }
    }
  }
  return found;
}

/** The messages that no source asks for; `sources` are texts of modules, and the catalogue is theirs under `prefix`. */
export function unused(catalogue: Catalogue, prefix: string, sources: readonly string[]): string[] {
  const asked = new Map<string, string[][]>();
  for (const source of sources) {
    for (const [, local = "", name = ""] of source.matchAll(/import (\w+) from "\$messages\/([^"]+)"/g)) {
      // `t().kinds[kind]` asks for all kinds, and a bare `t()` for everything.
      const chains = [...source.matchAll(new RegExp(`\\b${local}\\(\\)((?:\\.\\w+)*)`, "g"))];
      asked.set(name, [...(asked.get(name) ?? []), ...chains.map(([, chain = ""]) => chain.split(".").slice(1))]);
    }
  }
  return [...(catalogue.texts.get(SOURCE)?.keys() ?? [])].filter((key) => {
    const [section, path] = [sectionOf(key), key.slice(sectionOf(key).length + 1).split(".")];
    return !asked.get(prefix + section)?.some((chain) => chain.slice(0, path.length).every((name, place) => name === path[place]));
  });
}

function described(catalogue: Catalogue, key: string): string {
  return Object.keys(catalogue.described.get(key)?.placeholders ?? {}).sort().join(", ");
}

function kinds(elements: MessageFormatElement[]): string {
  return [...placeholders(elements)].map(([name, kind]) => `${name}: ${kind}`).sort().join(", ");
}

function lackingForms(icu: Icu, language: string, elements: MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (!icu.isPluralElement(element) && !icu.isSelectElement(element)) return [];
    const needed = icu.isPluralElement(element) ? new Intl.PluralRules(language).resolvedOptions().pluralCategories : [];
    const within = Object.values(element.options).flatMap(({ value }) => lackingForms(icu, language, value));
    return [...needed.filter((form) => !(form in element.options)), ...within];
  });
}
