/** When what a file says stood so: what is proposed before somebody says it. */

const DAY_IN_NAME = /(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)/g;

/** The first day in the name (`stock_20261101.csv`), as the server reads it in its drop folder; undefined for none. */
export function dayInName(name: string): string | undefined {
  for (const [, year, month, day] of name.matchAll(DAY_IN_NAME)) {
    const iso = `${year}-${month}-${day}`;
    // The 31st of February is none.
    if (new Date(`${iso}T00:00:00Z`).toISOString().startsWith(iso)) return iso;
  }
  return undefined;
}

/** The day of an instant for whoever reads this, as a date field has it. */
export function dayFor(instant: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/** What is proposed for a file: the day in its name, else that on which it was written, never one to come. */
export function proposed(file: { name: string; lastModified: number }, now = new Date()): string {
  const day = dayInName(file.name) ?? dayFor(new Date(file.lastModified));
  const today = dayFor(now);
  return day > today ? today : day;
}
