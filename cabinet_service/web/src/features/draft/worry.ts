/** What made somebody wonder, as one text for the expert: what was chosen, a line each, then their own words. */

/** The server takes no more. */
export const LONGEST = 2000;

/** Which of the `signs` a text begins with, and what follows. */
export function parted(worry: string, signs: readonly string[]): { chosen: string[]; own: string } {
  const chosen: string[] = [];
  let own = worry;
  for (;;) {
    const [first = "", ...rest] = own.split("\n");
    if (!signs.includes(first) || chosen.includes(first)) return { chosen, own };
    chosen.push(first);
    own = rest.join("\n");
  }
}

export function joined(chosen: readonly string[], own: string): string {
  return [...chosen, ...(own ? [own] : [])].join("\n");
}
