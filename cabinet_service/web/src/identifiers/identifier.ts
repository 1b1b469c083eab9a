/**
 * What the phone can say about a number while it is typed, without the server: a hint, never a verdict. The
 * server reads it again by the same rules, and knows more.
 */

import type { IdentifierKind } from "../api/client";

export const VIN_LENGTH = 17;
const LOOK_ALIKES: Record<string, string> = Object.fromEntries(
  [..."АВЕКМНОРСТУХ"].map((letter, place) => [letter, "ABEKMHOPCTYX"[place] ?? letter]),
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

/** Read what was typed. A frame number keeps its hyphen; a VIN has none; nothing is guessed. */
export function hint(typed: string, kind: IdentifierKind): Hint {
  const capitals = typed.toUpperCase().replace(DASHES, "-").trim();
  const kept = kind === "vin" ? capitals.replace(/[\s*-]/g, "") : capitals.replace(/\s+/g, "");
  if (kind === "plate") return { value: kept, repaired: [], missing: 0, strange: [] };
  const repaired = [...kept].filter((letter) => letter in LOOK_ALIKES);
  const value = [...kept].map((letter) => LOOK_ALIKES[letter] ?? letter).join("");
  if (kind === "frame") return { value, repaired, missing: 0, strange: [] };
  const strange = [...new Set([...value].filter((letter) => !VIN_ALPHABET.test(letter)))];
  return { value, repaired, missing: VIN_LENGTH - [...value].length, strange };
}

/** A VIN in its groups of 3, 6 and 8, for reading aloud and comparing; other numbers as they are. */
export function grouped(value: string, kind: IdentifierKind = "vin"): string {
  if (kind !== "vin") return value;
  const plain = value.replace(/\s/g, "");
  return [plain.slice(0, 3), plain.slice(3, 9), plain.slice(9)].filter(Boolean).join("\u2009");
}
