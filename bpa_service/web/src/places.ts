/** Where on the keyboard the keys are, in the notation of tinykeys: a code is a place, anything else what is typed. */

const CODES: Readonly<Record<string, string>> = { "/": "Slash", "?": "Slash", "-": "Minus", "=": "Equal" };

/**
 * Every press that is meant by `key`. A letter is a place alone: what it types there is another letter elsewhere.
 * Digits and signs are also wherever they are typed: a number pad has them too, and layouts move them about.
 */
export function placesOf(key: string): string[] {
  // Not a plus that is the key itself.
  const cut = key.length > 1 ? key.lastIndexOf("+", key.length - 2) + 1 : 0;
  const [mods, last] = [key.slice(0, cut), key.slice(cut)];
  if (/^[a-z]$/.test(last)) return [`${mods}Key${last.toUpperCase()}`];
  if (/^\d$/.test(last)) return [`${mods}Digit${last}`, key];
  const code = CODES[last];
  const typed = last.length === 1 && !mods ? [key, `Shift+${key}`] : [key];
  return code ? [`${mods}${code}`, ...typed] : typed;
}

const LATIN = "QWERTYUIOPASDFGHJKLZXCVBNM";
const RUSSIAN = "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ";

/** The letter that a Russian keyboard has at a place; nothing for what is no letter. */
export function russianOf(place: string): string | undefined {
  const [, letter = ""] = /(?:^|\+)Key([A-Z])$/.exec(place) ?? [];
  return letter ? RUSSIAN[LATIN.indexOf(letter)] : undefined;
}
