/**
 * Slips in the domain of an address, which send the code, and later the answer, to a stranger or to nobody. One is
 * asked about and never mended: `gmial.com` may be meant.
 */

const KNOWN = [
  "bk.ru",
  "email.com",
  "gmail.com",
  "googlemail.com",
  "hotmail.com",
  "icloud.com",
  "inbox.ru",
  "internet.ru",
  "list.ru",
  "mail.com",
  "mail.ru",
  "me.com",
  "outlook.com",
  "proton.me",
  "protonmail.com",
  "rambler.ru",
  "ya.ru",
  "yahoo.com",
  "yandex.by",
  "yandex.com",
  "yandex.kz",
  "yandex.ru",
  "ymail.com",
] as const;
// In a shorter one every other domain is a slip of it.
const SHORTEST = 7;

/** The address that was probably meant; nothing where it is fine, unknown, or no address. */
export function meant(contact: string): string | undefined {
  const at = contact.lastIndexOf("@");
  const domain = contact.slice(at + 1).trim().toLowerCase();
  if (at < 1 || (KNOWN as readonly string[]).includes(domain)) return undefined;
  const near = KNOWN.find((known) => known.length >= SHORTEST && isOneSlip(domain, known));
  return near && `${contact.slice(0, at).trim()}@${near}`;
}

/** Whether one character was dropped, added, or taken for another, or two neighbours were exchanged. */
export function isOneSlip(typed: string, known: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === known[start]) start += 1;
  const [rest, other] = [typed.slice(start), known.slice(start)];
  if (!rest && !other) return false;
  const exchanged = rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2);
  return (
    rest.slice(1) === other || rest === other.slice(1) || rest.slice(1) === other.slice(1) || (rest.length > 1 && exchanged)
  );
}
