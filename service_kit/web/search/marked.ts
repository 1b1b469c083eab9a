/** Texts with what was found in them. The server counts characters, which are not what JavaScript's strings count. */

import { spelled } from "../spelling";

export interface Piece {
  text: string;
  marked: boolean;
}

const MOST = 220;
const BEFORE = 50;

/**
 * The text in pieces, with those marked that `marks` ([from, to) in code points) are about. Of a long text what lies
 * around the first mark, with … where something was left out.
 */
export function pieces(text: string, marks: readonly (readonly number[])[]): Piece[] {
  const letters = [...text];
  const found = merged(marks, letters.length);
  const [from, to] = shown(letters.length, found[0]?.[0] ?? 0);
  const all: Piece[] = [];
  const add = (start: number, end: number, marked: boolean): void => {
    const cut = letters.slice(Math.max(from, start), Math.max(from, Math.min(to, end))).join("");
    if (cut) all.push({ text: cut, marked });
  };
  let at = 0;
  for (const [start, end] of found) {
    add(at, start, false);
    add(start, end, true);
    at = end;
  }
  add(at, letters.length, false);
  if (from > 0) all.unshift({ text: "…", marked: false });
  if (to < letters.length) all.push({ text: "…", marked: false });
  return all;
}

/** What is marked, each once, and nothing of what stands around it: of a text that was not written to be read. */
export function found(text: string, marks: readonly (readonly number[])[]): Piece[] {
  const letters = [...text];
  const words = merged(marks, letters.length).map(([from, to]) => letters.slice(from, to).join(""));
  const plain = words.map((word) => word.toLowerCase());
  const different = words.filter((_word, place) => plain.indexOf(plain[place] ?? "") === place);
  return different.flatMap((word, place) => [...(place ? [{ text: ", ", marked: false }] : []), { text: word, marked: true }]);
}

/** In order, none within another, and none beyond the text. */
function merged(marks: readonly (readonly number[])[], length: number): [number, number][] {
  const all: [number, number][] = [];
  const within = marks.map(([from = 0, to = 0]): [number, number] => [Math.max(0, from), Math.min(length, to)]);
  for (const [from, to] of within.filter(([from, to]) => from < to).sort(([one], [other]) => one - other)) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

function shown(length: number, first: number): [number, number] {
  if (length <= MOST) return [0, length];
  const from = Math.max(0, Math.min(first - BEFORE, length - MOST));
  return [from, from + MOST];
}

/**
 * The marks of a number as it is looked for, on the same number as people read it: what divides its groups counts
 * there too. Nothing if it is another number.
 */
export function onto(shown: string, key: string, marks: readonly (readonly number[])[]): [number, number][] | undefined {
  const letters = [...shown];
  const places = letters.flatMap((letter, place) => (spelled(letter) ? [place] : []));
  if (spelled(shown) !== spelled(key) || places.length !== [...key].length) return undefined;
  return marks.map(([from = 0, to = 0]) => [places[from] ?? letters.length, (places[to - 1] ?? -1) + 1]);
}
