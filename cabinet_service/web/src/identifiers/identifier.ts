/**
 * What the phone can say about a number while it is typed, without the server: a hint, never a verdict. The
 * server reads it again by the same rules, and knows more.
 */

import { LOOK_ALIKES, readVin, type VinReading } from "$kit/vin/reading";
import type { IdentifierKind } from "../api/client";

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
  /** Of a VIN: characters are hidden, and so it is none. */
  masked: boolean;
  /** Position 9 of a VIN that has a check digit, if it has one for certain. */
  digit: VinReading["digit"];
}

/** Whether no VIN is like that; of other numbers only the server knows. */
export function breaksRules(read: Hint): boolean {
  return read.missing !== 0 || read.strange.length > 0 || read.masked;
}

/** Whether somebody may have struck or printed all of it: then it may stand so on a car, whatever the rules say. */
export function canStand(value: string): boolean {
  return /^[\p{L}\p{Nd}*.+/-]+$/u.test(value);
}

/** Read what was typed. A frame number keeps its hyphen; a VIN has none; nothing is guessed. */
export function hint(typed: string, kind: IdentifierKind): Hint {
  if (kind === "vin") return readVin(typed);
  const kept = typed.toUpperCase().replace(DASHES, "-").replace(/\s+/g, "");
  const anything = { missing: 0, strange: [], masked: false, digit: null };
  if (kind === "plate") return { value: kept, repaired: [], ...anything };
  const repaired = [...kept].filter((letter) => LOOK_ALIKES.has(letter));
  return { value: [...kept].map((letter) => LOOK_ALIKES.get(letter) ?? letter).join(""), repaired, ...anything };
}
