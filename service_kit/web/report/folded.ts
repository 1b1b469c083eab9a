/** How much of a long list is shown before somebody asks for all of it; on paper all of it always is. */

/** A list that is hardly longer than what is shown of it is shown whole: to hide two rows saves nobody a step. */
export function shownOf(length: number, usual: number): number {
  return length <= usual + 2 ? length : usual;
}
