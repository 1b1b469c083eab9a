/** In what order findings are told. */

interface Named {
  finding_id: string;
}

/** The findings as they are to be told: first those of `ordered`, in its order, then the others in their own. */
export function inOrder<F extends Named>(findings: readonly F[], ordered: readonly string[]): F[] {
  const place = (one: F): number => {
    const found = ordered.indexOf(one.finding_id);
    return found < 0 ? ordered.length : found;
  };
  return [...findings].sort((one, other) => place(one) - place(other));
}

/** The ids of the findings in their order, with one of them told a place further up (-1) or down (1), past what is `untold`. */
export function moved(findings: readonly Named[], id: string, by: -1 | 1, untold: readonly string[] = []): string[] {
  const ids = findings.map((one) => one.finding_id);
  const from = ids.indexOf(id);
  let to = from + by;
  while (untold.includes(ids[to] ?? "")) to += by;
  const other = ids[to];
  if (from < 0 || other === undefined) return ids;
  ids[to] = id;
  ids[from] = other;
  return ids;
}
