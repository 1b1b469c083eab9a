/**
 * Catalogues of messages: one ARB file per language (`messages/ru.arb`), which is what a translator gets. ARB is JSON;
 * its texts are ICU MessageFormat, so a language has its own plural forms. A key is `section.name`, and a section is
 * what one screen or part says; the first language is the source, and its file says what a placeholder stands for.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageFormatElement, PluralElement } from "@formatjs/icu-messageformat-parser";

/** The parser of ICU MessageFormat, which each app brings. */
export type Icu = typeof import("@formatjs/icu-messageformat-parser");

export const TYPES = { String: "string", int: "number", num: "number", bool: "boolean" } as const;

interface Described {
  description?: string;
  placeholders?: Record<string, { type: keyof typeof TYPES; example: string }>;
}

export interface Catalogue {
  /** By language, the source first; a message by its whole key. */
  texts: Map<string, Map<string, string>>;
  described: Map<string, Described>;
}

export const SOURCE = "ru";

/** A message that cannot be compiled, by its file and key. */
export class BadMessage extends Error {
  override readonly name = "BadMessage";
}

export function read(folder: string): Catalogue {
  const languages = readdirSync(folder)
    .filter((name) => name.endsWith(".arb"))
    .map((name) => name.slice(0, -".arb".length))
    .sort((one, other) => Number(other === SOURCE) - Number(one === SOURCE) || one.localeCompare(other));
  const catalogue: Catalogue = { texts: new Map(), described: new Map() };
  for (const language of languages) {
    const texts = new Map<string, string>();
    const written = readFileSync(join(folder, `${language}.arb`), "utf8");
    const twice = repeated([...written.matchAll(/^\s*"([^"@]+\.[^"]+)"\s*:/gm)].map(([, key = ""]) => key));
    if (twice) throw new BadMessage(`${language}.arb has ${twice} twice`);
    const file = JSON.parse(written) as Record<string, unknown>;
    for (const [key, value] of Object.entries(file)) {
      if (!key.startsWith("@")) texts.set(key, String(value));
      else if (language === SOURCE && !key.startsWith("@@")) catalogue.described.set(key.slice(1), value as Described);
    }
    catalogue.texts.set(language, texts);
  }
  return catalogue;
}

export function sections(catalogue: Catalogue): Set<string> {
  return new Set([...(catalogue.texts.get(SOURCE)?.keys() ?? [])].map(sectionOf));
}

export function sectionOf(key: string): string {
  return key.slice(0, key.indexOf("."));
}

/** The module of a section: its messages in every language, as strings and functions. Raises BadMessage. */
export function compile(icu: Icu, catalogue: Catalogue, section: string): string {
  const keys = keysOf(catalogue, section);
  const languages = [...catalogue.texts].map(([language, texts]) => {
    const said = keys.map((key): [string, string] => {
      const text = texts.get(key);
      if (text === undefined) throw new BadMessage(`${language}.arb lacks ${key}`);
      return [key, code(icu, language, key, text)];
    });
    return `${JSON.stringify(language)}: ${nested(section, said, ", ")}`;
  });
  return `import { inLanguage, number, plural, select } from "$kit/i18n/language.svelte";\nexport default inLanguage({ ${languages.join(",\n")} });\n`;
}

/** What the type checker knows of the modules: which names there are, and what has to be filled in. */
export function declare(icu: Icu, catalogue: Catalogue, prefix: string): string {
  const modules = [...sections(catalogue)].map((section) => {
    const types = keysOf(catalogue, section).map((key): [string, string] => {
      const text = catalogue.texts.get(SOURCE)?.get(key) ?? "";
      const names = [...placeholders(parse(icu, SOURCE, key, text)).keys()];
      const known = catalogue.described.get(key)?.placeholders ?? {};
      const values = names.map((name) => `${name}: ${TYPES[known[name]?.type ?? "String"]}`).join("; ");
      return [key, names.length ? `(values: { ${values} }) => string` : "string"];
    });
    return `declare module "${prefix}${section}" {\n  const said: () => ${nested(section, types, "; ")};\n  export default said;\n}\n`;
  });
  return modules.join("\n");
}

/** The placeholders of a message, and what each decides: a form of the plural, one of some words, or nothing. */
export function placeholders(elements: MessageFormatElement[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const element of elements) {
    if (!("value" in element) || element.type === 0) continue;
    if (found.get(element.value) === undefined || "options" in element) {
      found.set(element.value, "pluralType" in element ? "plural" : "options" in element ? "select" : "shown");
    }
    if ("options" in element) {
      for (const { value } of Object.values(element.options)) {
        for (const [name, kind] of placeholders(value)) if (!found.has(name)) found.set(name, kind);
      }
    }
  }
  return found;
}

export function parse(icu: Icu, language: string, key: string, text: string): MessageFormatElement[] {
  try {
    return icu.parse(text, { ignoreTag: true });
  } catch (error) {
    throw new BadMessage(`${language}.arb, ${key}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function repeated(keys: string[]): string | undefined {
  return keys.find((key, place) => keys.indexOf(key) !== place);
}

function keysOf(catalogue: Catalogue, section: string): string[] {
  return [...(catalogue.texts.get(SOURCE)?.keys() ?? [])].filter((key) => sectionOf(key) === section);
}

function code(icu: Icu, language: string, key: string, text: string): string {
  const elements = parse(icu, language, key, text);
  if (elements.every(icu.isLiteralElement)) return JSON.stringify(elements.map(({ value }) => value).join(""));
  return `(values) => ${template(elements)}`;

  function template(parts: MessageFormatElement[], counted?: PluralElement): string {
    return `\`${parts.map((part) => piece(part, counted)).join("")}\``;
  }

  function piece(part: MessageFormatElement, counted?: PluralElement): string {
    const said = JSON.stringify(language);
    if (icu.isLiteralElement(part)) return part.value.replace(/[\\`]|\$(?=\{)/g, "\\$&");
    if (icu.isArgumentElement(part)) return `\${values.${part.value}}`;
    if (icu.isPoundElement(part) && counted) return `\${number(${said}, values.${counted.value})}`;
    if (icu.isPluralElement(part) && part.pluralType === "cardinal" && part.offset === 0) {
      return `\${plural(${said}, values.${part.value}, ${options(part, part)})}`;
    }
    if (icu.isSelectElement(part)) return `\${select(values.${part.value}, ${options(part, counted)})}`;
    throw new BadMessage(`${language}.arb, ${key}: only plain placeholders, plural and select are spoken here`);
  }

  function options(part: { options: Record<string, { value: MessageFormatElement[] }> }, counted?: PluralElement): string {
    const forms = Object.entries(part.options).map(([name, { value }]) => `${JSON.stringify(name)}: ${template(value, counted)}`);
    return `{ ${forms.join(", ")} }`;
  }
}

/** `{ a: …, b: { c: … } }` of `section.a` and `section.b.c`. */
function nested(section: string, entries: readonly [string, string][], separator: string): string {
  const groups = new Map<string, [string, string][]>();
  const parts: string[] = [];
  for (const [key, value] of entries) {
    const [name = "", ...rest] = key.slice(section.length + 1).split(".");
    if (!rest.length) parts.push(`${JSON.stringify(name)}: ${value}`);
    else if (groups.has(name)) groups.get(name)?.push([key, value]);
    else {
      groups.set(name, [[key, value]]);
      parts.push(name);
    }
  }
  const whole = parts.map((part) => {
    const group = groups.get(part);
    return group ? `${JSON.stringify(part)}: ${nested(`${section}.${part}`, group, separator)}` : part;
  });
  return `{ ${whole.join(separator)} }`;
}
