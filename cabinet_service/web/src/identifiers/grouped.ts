/** Numbers of cars as people read them: the first screen shows them, and reads none. */

import type { IdentifierKind } from "../api/client";

const TWINS: Record<string, string> = Object.fromEntries(
  [..."ABEKMHOPCTYX"].map((letter, place) => [letter, "АВЕКМНОРСТУХ"[place] ?? letter]),
);
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
