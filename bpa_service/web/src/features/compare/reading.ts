/** What counts of a number as it is written: letters and digits, one by one. */
export function reading(text: string): string[] {
  return [...text.replace(/[^\p{L}\p{N}]/gu, "").toUpperCase()];
}
