/**
 * What the phone can say about a number while it is typed, without the server: a hint, never a verdict. The
 * server reads it again by the same rules, and knows more.
 */

import type { IdentifierKind } from "../api/client";

export const VIN_LENGTH = 17;
const LOOK_ALIKES: Record<string, string> = Object.fromEntries(
  [..."АВЕКМНОРСТУХ"].map((letter, place) => [letter, "ABEKMHOPCTYX"[place] ?? letter]),
);
const TWINS: Record<string, string> = Object.fromEntries(
  Object.entries(LOOK_ALIKES).map(([cyrillic, latin]) => [latin, cyrillic]),
);
const VIN_ALPHABET = /[A-HJ-NPR-Z0-9]/;
const DASHES = /[\u2010-\u2015\u2212\u30fc]/g;

export interface Hint {
  /** The number as it goes to the server. */
  value: string;
  /** Cyrillic letters that were taken for their Latin twins, as typed. */
  repaired: string[];
  /** Characters to go (positive) or too many (negative); 0 when the length is right or any will do. */
  missing: number;
  /** Characters that no VIN has, such as O. */
  strange: string[];
}

/** Whether no VIN is like that; of other numbers only the server knows. */
export function breaksRules(read: Hint): boolean {
  return read.missing !== 0 || read.strange.length > 0;
}

/** Whether somebody may have struck or printed all of it: then it may stand so on a car, whatever the rules say. */
export function canStand(value: string): boolean {
  return /^[\p{L}\p{Nd}*.+/-]+$/u.test(value);
}

/** Read what was typed. A frame number keeps its hyphen; a VIN has none; nothing is guessed. */
export function hint(typed: string, kind: IdentifierKind): Hint {
  const capitals = typed.toUpperCase().replace(DASHES, "-").trim();
  const kept = kind === "vin" ? withoutLabel(capitals.replace(/[\s*-]/g, "")) : capitals.replace(/\s+/g, "");
  if (kind === "plate") return { value: kept, repaired: [], missing: 0, strange: [] };
  const repaired = [...kept].filter((letter) => letter in LOOK_ALIKES);
  const value = [...kept].map((letter) => LOOK_ALIKES[letter] ?? letter).join("");
  if (kind === "frame") return { value, repaired, missing: 0, strange: [] };
  const strange = [...new Set([...value].filter((letter) => !VIN_ALPHABET.test(letter)))];
  return { value, repaired, missing: VIN_LENGTH - [...value].length, strange };
}

/** No VIN has an I: what begins so says what follows. A full stop at the end is no part of it either. */
function withoutLabel(compact: string): string {
  return compact.replace(/^(?:VIN|ВИН)[:.№#]*(?=[^:.№#])/, "").replace(/(?<=.)[.,;]+$/, "");
}

const LETTER = "[АВЕКМНОРСТУХ]";
/** Plates of Russia, as they are divided: cars, taxis and trailers, motorcycles, the police, transit. */
const PLATES = [
  `(${LETTER})(\\d{3})(${LETTER}{2})(\\d{2,3})`,
  `(${LETTER}{2})(\\d{5,7})`,
  `(\\d{4})(${LETTER}{2})(\\d{2,3})`,
  `(${LETTER})(\\d{4})(\\d{2,3})`,
  `(${LETTER}{2})(\\d{3})(${LETTER})(\\d{2,3})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * A number as it is read aloud and compared: a VIN in groups of 3, 6 and 8, a plate of Russia as it is divided on
 * the car and in its own letters, a frame number by its hyphen.
 */
export function grouped(value: string, kind: IdentifierKind): string {
  const plain = value.replace(/\s/g, "");
  if (kind === "vin") return [plain.slice(0, 3), plain.slice(3, 9), plain.slice(9)].filter(Boolean).join("\u2009");
  if (kind === "frame") return plain.replace("-", "\u2009-\u2009");
  const spelled = [...plain.toUpperCase()].map((letter) => TWINS[letter] ?? letter).join("");
  const parts = PLATES.map((form) => form.exec(spelled)?.slice(1)).find(Boolean);
  return parts ? parts.join("\u2009") : value;
}
