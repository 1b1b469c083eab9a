/** An instant that the server told, in words. */

import { day, time } from "$kit/i18n/format";

export function instant(text: string): string {
  const at = new Date(text);
  return `${day(at)}, ${time(at, at)}`;
}
