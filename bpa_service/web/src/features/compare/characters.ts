/** The characters of the numbers that are compared: which are equal, and where what was read differs. */

/** One character: on which photo or exemplar, and which of its number. */
export interface Pick {
  key: string;
  at: number;
}

export interface Group {
  character: string;
  members: readonly Pick[];
}

/** Characters that occur more than once, the most frequent first; each as often as it is on any of the photos. */
export function equal(numbers: readonly { key: string; letters: readonly string[] }[]): Group[] {
  const found = new Map<string, Pick[]>();
  for (const { key, letters } of numbers) {
    for (const [at, character] of letters.entries()) found.set(character, [...(found.get(character) ?? []), { key, at }]);
  }
  const groups = [...found].map(([character, members]) => ({ character, members }));
  return groups.filter(({ members }) => members.length > 1).sort((one, other) => other.members.length - one.members.length);
}

/** The two to begin with: the first two of a kind, or else the first two there are. */
export function begun(groups: readonly Group[], key: string): [Pick, Pick] {
  const [a, b] = groups[0]?.members ?? [];
  return [a ?? { key, at: 0 }, b ?? { key, at: 1 }];
}

export function isSame(one: Pick, other: Pick): boolean {
  return one.key === other.key && one.at === other.at;
}

/** Of each reading, which of its characters are not those of the first one; a missing one is not. */
export function differences(readings: readonly (readonly string[])[]): boolean[][] {
  const [first = []] = readings;
  const most = Math.max(0, ...readings.map((one) => one.length));
  return readings.map((one) => Array.from({ length: most }, (_, at) => one[at] !== first[at]));
}
