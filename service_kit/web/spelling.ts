/**
 * How a number of a car is compared: two spellings of one number are the same here. Case, what divides it, and the
 * keyboard that its letters came from make no difference, as the server reads it.
 */

const TWINS: Record<string, string> = Object.fromEntries(
  [..."АВЕКМНОРСТУХ"].map((letter, place) => [letter, "ABEKMHOPCTYX"[place] ?? letter]),
);
const DIVIDERS = /[\s*+_./|·•,\u2010-\u2015\u2212\u30fc-]/g;

export function spelled(text: string): string {
  return [...text.toUpperCase().replace(DIVIDERS, "")].map((letter) => TWINS[letter] ?? letter).join("");
}
