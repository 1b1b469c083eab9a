/** Tags as they are typed: with commas between, as the server takes them. */

export const MOST_TAGS = 20;
export const LONGEST_TAG = 40;

/** Each once, in lower case. */
export function tagsOf(text: string): string[] {
  const all = text.split(",").map((tag) => tag.trim().toLowerCase());
  return [...new Set(all.filter(Boolean))];
}

export function areTaken(tags: readonly string[]): boolean {
  return tags.length <= MOST_TAGS && tags.every((tag) => [...tag].length <= LONGEST_TAG);
}
