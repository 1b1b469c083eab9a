/** The language of the whole app: Russian first, English second, never mixed on one screen. */

export type Language = "ru" | "en";

const KEPT_AS = "language";

class Locale {
  language = $state<Language>("ru");

  /** The language that was chosen here before, or else the browser's; Russian if it speaks neither. */
  restore(): void {
    this.use(parse(localStorage.getItem(KEPT_AS)) ?? parse(navigator.language.slice(0, 2)) ?? "ru");
  }

  /** Speak `language` from now on, and remember it. */
  choose(language: Language): void {
    localStorage.setItem(KEPT_AS, language);
    this.use(language);
  }

  private use(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
  }
}

function parse(text: string | null): Language | undefined {
  return text === "ru" || text === "en" ? text : undefined;
}

export const locale = new Locale();

/** What is said now of what is said in every language: what a catalogue of messages is compiled to. */
export function inLanguage<T>(said: Record<Language, T>): () => T {
  return () => said[locale.language];
}

const rules: Record<Language, Intl.PluralRules> = {
  ru: new Intl.PluralRules("ru"),
  en: new Intl.PluralRules("en"),
};

type Forms = Record<string, string> & { other: string };

/** The form that goes with `count`; one for this very number (`=0`) goes first. */
export function plural(language: Language, count: number, forms: Forms): string {
  return forms[`=${count}`] ?? forms[rules[language].select(count)] ?? forms.other;
}

export function select(value: string | boolean, forms: Forms): string {
  return forms[String(value)] ?? forms.other;
}

export function number(language: Language, value: number): string {
  return value.toLocaleString(language);
}
