/** Blocks of a section as they are laid out: long lists of one kind are folded as one, in the order that they have. */

import type { Block, Finding, Picture } from "./presented";

/** A photo under the title of its block. */
export interface Titled {
  title: string;
  picture: Picture;
}

export type Run =
  | { kind: "findings"; all: readonly (Finding & { type: "finding" })[] }
  | { kind: "pictures"; all: readonly Titled[] }
  | { kind: "one"; block: Block };

export function runsOf(blocks: readonly Block[]): Run[] {
  const found: Run[] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (block.type === "finding") {
      if (last?.kind === "findings") last.all = [...last.all, block];
      else found.push({ kind: "findings", all: [block] });
    } else if (block.type === "pictures") {
      const titled = block.pictures.map((picture) => ({ title: block.title ?? "", picture }));
      if (last?.kind === "pictures") last.all = [...last.all, ...titled];
      else found.push({ kind: "pictures", all: titled });
    } else found.push({ kind: "one", block });
  }
  return found;
}
