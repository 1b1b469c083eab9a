/**
 * What can be said of a VIN without the server, while it is typed: the same as `shared_schemas/identifiers` says of
 * it, held equal by `vectors.json`, which that writes. A hint, never a verdict: the server knows the makers too.
 */

export const LENGTH = 17;
const ALPHABET = /^[A-HJ-NPR-Z0-9]$/;
/** Cyrillic letters that are drawn like Latin ones. */
export const LOOK_ALIKES = new Map([..."АВЕКМНОРСТУХ"].map((letter, place) => [letter, "ABEKMHOPCTYX"[place] ?? letter]));
const UNREADABLE = "\ufffd";

const INVISIBLE = /[\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0f\ufeff]/g;
const DASHES = /[\u2010-\u2015\u2212\u30fc\uff70]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const SMALL = /[a-zа-яё]/g;
const SPACES = /[\s\u001c-\u001f\u0085]+/g;
const AROUND = " *-.,;:!?\"'«»<>[]()_+/|·•";
const DIVIDERS = /[ \-+_./|·•,]/g;
const LABEL =
  /^(?:(?:VIN|ВИН|КОД|CODE|НОМЕР|НОМЕРА|NUMBER|КУЗОВ|КУЗОВА|РАМА|РАМЫ|ШАССИ|ГОСНОМЕР|ГРЗ|BODY|CHASSIS|FRAME|PLATE)(?![A-ZА-ЯЁ0-9])|№|#)[ :№#.,=()-]*/;
/** No VIN has an I, so these letters are not a part of it. */
const LABEL_GLUED_ON = /^(?:VIN|ВИН):?(?=[^IOQ]{17}$)/u;

export interface VinReading {
  /** Capitals, Latin where Latin can spell it, and nothing that divides. */
  value: string;
  /** Cyrillic letters that were taken for their Latin twins, as typed. */
  repaired: string[];
  /** Characters that no VIN has, such as O, each once. */
  strange: string[];
  /** Characters to go (positive) or too many (negative). */
  missing: number;
  /** Characters are hidden, as adverts do: a pattern, no number. */
  masked: boolean;
  /** Position 9 of a VIN that is well formed, where the law orders a check digit or its plant computes one. */
  digit: { found: string; computed: string; mandated: boolean } | null;
}

/** Read what was typed as a VIN; nothing is guessed. */
export function readVin(typed: string): VinReading {
  const compact = withoutLabels(withoutLabels(folded(typed)).replace(DIVIDERS, "")).replace(LABEL_GLUED_ON, "");
  const characters = [...compact];
  const repaired = characters.filter((one) => LOOK_ALIKES.has(one));
  const spelled = characters.map((one) => LOOK_ALIKES.get(one) ?? one);
  const value = spelled.join("");
  const masked = isMasked(spelled);
  const strange = spelled.filter((one) => !ALPHABET.test(one) && one !== UNREADABLE && !(masked && SIGNS.has(one)));
  const formed = spelled.length === LENGTH && !masked && spelled.every((one) => ALPHABET.test(one));
  return {
    value,
    repaired,
    strange: [...new Set(strange)],
    missing: LENGTH - spelled.length,
    masked,
    digit: formed ? checkDigit(value) : null,
  };
}

const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const VALUES = new Map([..."0123456789ABCDEFGHJKLMNPRSTUVWXYZ"].map((one, place) => [one, Number("012345678912345678123457923456789"[place])]));
/** Plants outside North America and China that are seen to compute one. */
const COMPUTING = new Set(["X4X", "XW7", "XZG", "Y4K", "EC3", "EDE", "EDX"]);

function checkDigit(vin: string): VinReading["digit"] {
  const mandated = /^(?:[1-5LH]|7[^A-E])/.test(vin);
  if (!mandated && !COMPUTING.has(vin.slice(0, 3))) return null;
  const sum = [...vin].reduce((whole, one, place) => whole + (VALUES.get(one) ?? 0) * (WEIGHTS[place] ?? 0), 0);
  return { found: vin[8] ?? "", computed: "0123456789X"[sum % 11] ?? "", mandated };
}

const SIGNS = new Set("*#?•…");
const FEWEST_SHOWN = 5;

function isMasked(characters: readonly string[]): boolean {
  if (characters.length < LENGTH - 2 || characters.length > LENGTH + 1) return false;
  const signs = characters.filter((one) => SIGNS.has(one)).length;
  const shown = characters.filter((one) => ALPHABET.test(one)).length;
  if (signs) return signs > 1 && signs + shown === characters.length && shown >= FEWEST_SHOWN;
  return characters.slice(9).join("").includes("XXX");
}

function folded(text: string): string {
  const plain = text
    .replace(FULL_WIDTH, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(SMALL, (one) => one.toUpperCase())
    .replace(INVISIBLE, "")
    .replace(DASHES, "-")
    .replace(SPACES, " ")
    .trim();
  return plain.replace(/\p{C}/gu, UNREADABLE);
}

function withoutLabels(plain: string): string {
  let bare = stripped(plain);
  for (;;) {
    const rest = stripped(bare.replace(LABEL, ""));
    if (rest === bare || !rest) return bare;
    bare = rest;
  }
}

function stripped(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && AROUND.includes(text[from] ?? "")) from += 1;
  while (to > from && AROUND.includes(text[to - 1] ?? "")) to -= 1;
  return text.slice(from, to);
}
