/** Tags as they are typed: with commas between, as the server takes them. */

export const LIMITS = { most: 20, longest: 40 };

/** Each once, in lower case. */
export function tagsOf(text: string): string[] {
  const all = text.split(",").map((tag) => tag.trim().toLowerCase());
  return [...new Set(all.filter(Boolean))];
}

export function areTaken(tags: readonly string[]): boolean {
  return tags.length <= LIMITS.most && tags.every((tag) => [...tag].length <= LIMITS.longest);
}
