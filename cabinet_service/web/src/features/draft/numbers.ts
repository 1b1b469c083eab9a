/** What the photos of a draft say of its number: to be confirmed by the person, under its picture. */

import type { Photo } from "../../drafts/database";
import { showsNumber } from "./readiness";
import type { Candidate, PhotoReading } from "./readings.svelte";

export interface Proposal {
  photoId: string;
  /** The picture in which the region of the candidate is. */
  picture: Blob;
  candidate: Candidate;
  /** What else the same photo may show. */
  others: readonly Candidate[];
  /** Enough to be confirmed by sending it: read without a doubt, or the same on two photos. */
  sure: boolean;
  /** What another photo says. */
  rival?: { photoId: string; picture: Blob; candidate: Candidate };
}

// Asterisks and the like around a number are left out of it everywhere, and raise no doubt.
const HARMLESS = "reading_end_left_out";

/** The number that most photos say, of these the one that was read best; nothing where none was read. */
export function proposed(
  photos: readonly Photo[],
  of: (photoId: string) => PhotoReading | undefined,
): Proposal | undefined {
  const read = photos.filter(showsNumber).flatMap(({ id }) => {
    const reading = of(id);
    const [candidate, ...others] = reading?.candidates ?? [];
    return reading && candidate ? [{ photoId: id, picture: reading.picture, candidate, others }] : [];
  });
  const votes = (number: string): number => read.filter(({ candidate }) => candidate.identifier === number).length;
  const [best, ...rest] = read.sort(
    ({ candidate: one }, { candidate: other }) =>
      votes(other.identifier) - votes(one.identifier) ||
      one.changes.length - other.changes.length ||
      other.confidence - one.confidence,
  );
  if (!best) return undefined;
  const rival = rest.find(({ candidate }) => candidate.identifier !== best.candidate.identifier);
  const sure = !rival && (votes(best.candidate.identifier) > 1 || (best.others.length === 0 && isPlain(best.candidate)));
  return { ...best, sure, ...(rival ? { rival } : {}) };
}

function isPlain({ changes, issues }: Candidate): boolean {
  return changes.length === 0 && issues.every(({ code }) => code === HARMLESS);
}

/** A character that has to be looked at: its place from 0, and what it may be, what was read first. */
export interface Doubt {
  place: number;
  says: string[];
}

export function doubts({ candidate, others, rival }: Proposal): Doubt[] {
  const found = new Map<number, Set<string>>();
  const doubt = (place: number, other: string | undefined): void => {
    const read = candidate.identifier[place];
    if (read === undefined || other === undefined || other === read) return;
    found.set(place, (found.get(place) ?? new Set([read])).add(other));
  };
  for (const { position, typed } of candidate.changes) doubt(position - 1, typed);
  for (const { identifier } of [...others, ...(rival ? [rival.candidate] : [])]) {
    if (identifier.length !== candidate.identifier.length) continue;
    for (let place = 0; place < identifier.length; place++) doubt(place, identifier[place]);
  }
  return [...found].map(([place, says]) => ({ place, says: [...says] })).sort((one, two) => one.place - two.place);
}

/** The groups in which a number is compared: three of a VIN, as it is read aloud; one of any other. */
export function rowsOf(number: string, kind: Candidate["kind"]): { from: number; to: number }[] {
  const ends = kind === "vin" && number.length === 17 ? [3, 9, 17] : [number.length];
  return ends.map((to, place) => ({ from: ends[place - 1] ?? 0, to }));
}
