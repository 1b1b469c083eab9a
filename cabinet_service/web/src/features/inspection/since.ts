/**
 * What an answer says otherwise than that of the check before it, and the copy of that which is kept for where there
 * is no network: of one version of the inspection, in one language.
 */

import { Offline, Problem } from "$kit/api/problem";
import { session } from "../../api/session.svelte";
import { forget, keep, recall } from "../../drafts/kept";
import { comparisonOf, type Comparison } from "../report/reports";

interface Copy {
  of: string;
  comparison: Comparison;
}

/** Null where the server has none, or does not say. It is an aid to reading the answer, which is there in any case. */
export async function comparison(id: string, version: number, language: string): Promise<Comparison | null> {
  const whose = session.account;
  const name = `${id} since`;
  const of = `${version} ${language}`;
  try {
    const told = await comparisonOf(id, language);
    if (whose !== undefined && session.account === whose) {
      await (told ? keep(whose, name, { of, comparison: told } satisfies Copy) : forget(whose, name));
    }
    return told;
  } catch (error) {
    if (whose === undefined) return null;
    if (error instanceof Problem && error.status === 404) await forget(whose, name);
    if (!(error instanceof Offline)) return null;
    const copy = (await recall(whose, name))?.told as Copy | undefined;
    return copy?.of === of ? copy.comparison : null;
  }
}
