/** Letters of numbers, whatever layout the keyboard has. */

const CYRILLIC = /^\p{Script=Cyrillic}$/u;
const DIVIDERS = /[\s*-]/g;

/** The Latin letter at the place of a key by which a Cyrillic one was typed; nothing for any other key. */
export function latinAt({ key, code, ctrlKey, altKey, metaKey }: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "metaKey">): string | undefined {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  return CYRILLIC.test(key) && !ctrlKey && !altKey && !metaKey ? letter : undefined;
}

/** Whether both are the same number, however it was typed. */
export function matches(one: string, other: string): boolean {
  const plain = (text: string): string => text.toUpperCase().replace(DIVIDERS, "");
  return plain(one) === plain(other);
}
