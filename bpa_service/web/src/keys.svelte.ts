/**
 * What the keys do on the screen that is seen: each screen says so while it is there, and the help lists them.
 * A letter is a key only where nobody is writing; and a key is a place on the keyboard, so that what is typed by it
 * on another layout does not matter.
 */

import { untrack } from "svelte";
import { tinykeys } from "tinykeys";
import { placesOf, russianOf } from "./places";
import { refused } from "./ui/cut.svelte";

/** What keys are about: the help shows those of a kind together. */
export const KINDS = ["photo", "checks", "case", "desk"] as const;
export type Kind = (typeof KINDS)[number];

export interface Key {
  /** What it does, for the help; nothing for one that need not be told of. */
  does?: () => string;
  /** `desk` unless it is said. */
  kind?: Kind;
  act: (event: KeyboardEvent) => void;
  /** It changes something for others: without a connection it does nothing, and says so. */
  changes?: true;
  /** Also where somebody is writing. */
  always?: true;
}

/** By what an American keyboard has there: `j`, `Shift+?`, `$mod+Enter` (`$mod` is Ctrl, or Command on a Mac). */
export type KeyMap = Readonly<Record<string, Key>>;

/** What Chromium knows of the keyboard: what its keys are called in its Latin layout, by their code. */
interface Keyboard {
  getLayoutMap: () => Promise<ReadonlyMap<string, string>>;
}

class Keys {
  private maps = $state.raw<readonly KeyMap[]>([]);
  /** What is printed on the keys, where the browser tells. */
  private caps = $state.raw<ReadonlyMap<string, string>>(new Map());

  constructor() {
    const { keyboard } = navigator as { keyboard?: Keyboard };
    // Refused, they are called what they mostly are.
    keyboard?.getLayoutMap().then((caps) => (this.caps = caps), () => undefined);
  }

  /** Have these keys work until the function that is returned is called; the newest map wins. */
  on(map: KeyMap): () => void {
    this.maps = [...untrack(() => this.maps), map];
    const bound = Object.entries(map).flatMap(([key, what]) => {
      const act = guarded(what, key, () => this.isCovered(map, key));
      return placesOf(key).map((place) => [place, act] as const);
    });
    const off = tinykeys(window, Object.fromEntries(bound));
    return () => {
      off();
      this.maps = untrack(() => this.maps).filter((one) => one !== map);
    };
  }

  /** Whether a newer map has the key too. */
  private isCovered(map: KeyMap, key: string): boolean {
    return this.maps.slice(this.maps.indexOf(map) + 1).some((newer) => key in newer);
  }

  /** All keys that work now and what they do, in words and in deed. */
  get acts(): { key: string; does: string; kind: Kind; act: Key["act"] }[] {
    return this.maps.flatMap((map) =>
      Object.entries(map).flatMap(([key, { does, kind = "desk", ...deed }]) =>
        does && !this.isCovered(map, key) ? [{ key, does: does(), kind, act: doneBy(deed) }] : [],
      ),
    );
  }

  /** The key as it is printed on this keyboard. */
  name(key: string): string {
    const mod = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
    const named = key.replace("$mod", mod).replace("Shift+?", "?").replace("Escape", "Esc");
    return named.replace(/(^|\+)([a-z])$/, (_whole, before: string, letter: string) => {
      const [place = ""] = placesOf(letter);
      return before + (this.caps.get(place) ?? letter).toUpperCase();
    });
  }
}

function doneBy({ act, changes }: Pick<Key, "act" | "changes">): Key["act"] {
  return (event) => {
    if (!changes || !refused.now()) act(event);
  };
}

function guarded({ always, ...deed }: Key, key: string, isCovered: () => boolean): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || isCovered()) return;
    if (key !== "Escape" && !always && (isWriting(event.target) || usesItself(event.target, key))) return;
    // A method of input has its own use for the keys; and AltGr types what is printed third on them.
    if (event.isComposing || event.getModifierState("AltGraph")) return;
    // Behind an open dialog nothing happens.
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    doneBy(deed)(event);
  };
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // The field of a dialog that closed keeps the focus until the next frame: nobody writes where nothing is seen.
  if (!target.getClientRects().length) return false;
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|range)$/.test(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Whether what has the focus does its own by this key: a button or link that was come to by keys, a choice. */
function usesItself(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === "Enter") return target.matches("input, a:focus-visible, button:focus-visible, summary:focus-visible");
  if (key === "Space") return target.matches("input, button, summary");
  return /^(Arrow|Home|End)/.test(key) && target instanceof HTMLInputElement;
}

export const keys = new Keys();

export function keyName(key: string): string {
  return keys.name(key);
}

/** What a Russian keyboard has on the same key, where it is a letter. */
export function russianName(key: string): string | undefined {
  return russianOf(placesOf(key)[0] ?? "");
}
