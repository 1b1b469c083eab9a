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

/** The same texts in another language: the same names, and functions that take the same. */
type Same<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Same<T[K]>;
};

/**
 * The texts of a screen in both languages, beside the screen. Returns a function that gives those of the
 * language that is spoken now; the type checker misses what is said in one of them only.
 */
export function texts<T>(ru: T, en: Same<T>): () => Same<T> {
  return () => (locale.language === "ru" ? (ru as Same<T>) : en);
}

const rules: Record<Language, Intl.PluralRules> = {
  ru: new Intl.PluralRules("ru"),
  en: new Intl.PluralRules("en"),
};

/** `count` with its noun: `plural("ru", 3, {one: "фото", few: "фото", many: "фото"})`. */
export function plural(
  language: Language,
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other?: string; many?: string },
): string {
  const form = forms[rules[language].select(count)] ?? forms.many ?? forms.other ?? "";
  return `${count}\u00a0${form}`;
}
