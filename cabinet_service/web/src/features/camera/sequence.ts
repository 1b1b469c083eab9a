/**
 * Which photo is taken next, and what becomes of the one just taken: shot after shot, at most two retakes each, and
 * no way to be stuck.
 */

import type { Shot } from "../../api/client";
import type { Quality } from "../../drafts/database";

export type Fault = Exclude<Quality, "ok" | "unchecked">;

export interface Sequence {
  /** What is still to be photographed, the current one first. */
  shots: readonly Shot[];
  /** How often the current shot was taken again. */
  retakes: number;
  phase: Phase;
}

export type Phase =
  | { name: "aiming"; /** The photo that the next one stands in for. */ replaces?: string }
  | { name: "checking"; photoId: string }
  | { name: "advising"; photoId: string; fault: Fault }
  | { name: "done" };

export type Act =
  | { act: "taken"; photoId: string }
  | { act: "judged"; photoId: string; quality: Quality }
  | { act: "retake" }
  | { act: "keep" }
  | { act: "skip" }
  /** There is nothing to photograph: what may be there instead comes next. */
  | { act: "absent"; instead?: Shot | undefined };

/** Where the camera is opened from, if not from a new check. */
export interface Way {
  /** What is photographed, from `first` on, without what is `done`. */
  shots: (first: Shot, done: ReadonlySet<Shot>) => Shot[];
  /** Another shot is photographed now. */
  turned: (shot: Shot) => void;
  left: () => void;
  /** Whether one may say that there is nothing to photograph. */
  answers: boolean;
}

const MOST_RETAKES = 2;

export function begin(shots: readonly Shot[]): Sequence {
  return { shots, retakes: 0, phase: { name: shots.length ? "aiming" : "done" } };
}

/** What follows from an act. One that does not fit, such as a verdict that comes after a skip, changes nothing. */
export function after(sequence: Sequence, act: Act): Sequence {
  const { phase, retakes } = sequence;
  switch (act.act) {
    case "taken":
      if (phase.name !== "aiming") return sequence;
      return { ...sequence, phase: { name: "checking", photoId: act.photoId } };
    case "judged":
      if (phase.name !== "checking" || phase.photoId !== act.photoId) return sequence;
      if (act.quality === "ok" || act.quality === "unchecked" || retakes >= MOST_RETAKES) return next(sequence);
      return { ...sequence, phase: { name: "advising", photoId: act.photoId, fault: act.quality } };
    case "retake":
      if (phase.name !== "advising") return sequence;
      return { ...sequence, retakes: retakes + 1, phase: { name: "aiming", replaces: phase.photoId } };
    case "keep":
      return phase.name === "advising" ? next(sequence) : sequence;
    case "skip":
      return phase.name === "done" ? sequence : next(sequence);
    case "absent":
      if (phase.name === "done") return sequence;
      return act.instead ? begin([act.instead, ...sequence.shots.slice(1)]) : next(sequence);
  }
}

function next({ shots }: Sequence): Sequence {
  return begin(shots.slice(1));
}

/** What is asked for first: the number where it is struck, plated and seen from outside, and the car itself. */
export const FIRST: readonly Shot[] = ["vin_stamped", "vin_plate", "windshield_vin", "front"];

/** Where there is no plate there may be a sticker. */
export function insteadOf(shot: Shot, done: ReadonlySet<Shot>): Shot | undefined {
  return shot === "vin_plate" && !done.has("door_sticker") ? "door_sticker" : undefined;
}

/** The shots from `first` on, without those that are done: photographed, or said not to be there. */
export function shotsFrom(first: Shot, done: ReadonlySet<Shot>): Shot[] {
  const place = FIRST.indexOf(first === "door_sticker" ? "vin_plate" : first);
  return [first, ...FIRST.slice(place + 1).filter((shot) => shot !== first && !done.has(shot))];
}
