import type { Candidate } from "./readings.svelte";

/** The characters of a candidate as they are shown, spaces between groups and all. */
export function charactersOf({ formatted, changes }: Pick<Candidate, "formatted" | "changes">): {
  shown: string;
  isChanged: boolean;
}[] {
  const changed = new Set(changes.map(({ position }) => position));
  let place = 0;
  return [...formatted].map((shown) => {
    if (shown !== " ") place += 1;
    return { shown, isChanged: shown !== " " && changed.has(place) };
  });
}
