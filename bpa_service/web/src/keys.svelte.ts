/**
 * What the keys do on the screen that is seen: each screen says so while it is there, and the help lists them.
 * A letter is a key only where nobody is writing.
 */

import { untrack } from "svelte";
import { tinykeys } from "tinykeys";

export interface Key {
  /** What it does, for the help; nothing for one that need not be told of. */
  does?: () => string;
  act: (event: KeyboardEvent) => void;
  /** Also where somebody is writing. */
  always?: true;
}

/** By the notation of tinykeys: `j`, `Shift+?`, `$mod+Enter` (`$mod` is Ctrl, or Command on a Mac). */
export type KeyMap = Readonly<Record<string, Key>>;

class Keys {
  private maps = $state.raw<readonly KeyMap[]>([]);

  /** Have these keys work until the function that is returned is called; the newest map wins. */
  on(map: KeyMap): () => void {
    this.maps = [...untrack(() => this.maps), map];
    const bound = Object.entries(map).map(([key, what]) => [key, guarded(what, key === "Escape")] as const);
    const off = tinykeys(window, Object.fromEntries(bound));
    return () => {
      off();
      this.maps = untrack(() => this.maps).filter((one) => one !== map);
    };
  }

  /** All keys that work now and what they do, in words and in deed. */
  get acts(): { key: string; does: string; act: Key["act"] }[] {
    return this.maps.flatMap((map) =>
      Object.entries(map).flatMap(([key, { does, act }]) => (does ? [{ key, does: does(), act }] : [])),
    );
  }
}

/** The key as it is printed on a keyboard. */
export function keyName(key: string): string {
  const mod = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
  return key.replace("$mod", mod).replace("Shift+?", "?").replace(/(^|\+)[a-z]$/, (letter) => letter.toUpperCase());
}

function guarded({ act, always }: Key, leaves: boolean): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || (!leaves && !always && isWriting(event.target))) return;
    // Behind an open dialog nothing happens.
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    act(event);
  };
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export const keys = new Keys();
