/**
 * A report as it is read, as `shared_schemas/report/presented.py` has it. Everything that is said of the car stands in
 * it; what shows it adds no word of its own about the car.
 */

import type { Verdict } from "../vocabulary";

export type Tone = "good" | "warn" | "bad" | "info" | "plain";

/** A rectangle on a photo, as shares (0 to 1) of its width and height. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What somebody wrote, as they wrote it. */
export interface Quoted {
  words: string;
  by?: string;
}

/** A sentence of ours, or somebody's words. */
export type Said = string | Quoted;

/** The logo of whoever ordered it: how it looks, and nothing that it says. */
export interface Logo {
  src: string;
  width: number;
  height: number;
  alt: string;
}

export interface Picture {
  evidence_id: string;
  region?: Region | null;
  caption: string;
  alt: string;
}

export interface Fact {
  label: string;
  value?: string;
  quoted?: Quoted | null;
}

export interface Finding {
  type?: "finding";
  finding_id: string;
  number: number;
  tone: Tone;
  mark: string;
  fact: Quoted;
  meaning: Said;
  to_do?: Said | null;
  explanation?: Quoted | null;
  grounds?: readonly Fact[];
  pictures?: readonly Picture[];
}

export interface Row {
  when: string;
  what: string;
  place?: Quoted | null;
  quoted?: Quoted | null;
  source: string;
}

export interface History {
  type?: "history";
  title: string;
  tone: Tone;
  standing: readonly string[];
  advice?: string;
  rows?: readonly Row[];
  more?: string;
}

export interface Point {
  year: number;
  km: number;
}

/** Places of two points, the earlier one first, between which the mileage was rolled back. */
export type Fall = readonly [number, number];

export interface Compared {
  what: string;
  before: readonly Said[];
  after: readonly Said[];
}

export type Block =
  | { type: "paragraph"; text: string; tone?: Tone }
  | { type: "quotation"; quoted: Quoted; tone?: Tone }
  | { type: "heading"; text: string; tone?: Tone }
  | { type: "facts"; title?: string; facts: readonly Fact[] }
  | { type: "points"; title?: string; tone?: Tone; points: readonly Said[] }
  | { type: "disagreement"; tone: Tone; mark: string; title: string; sayings: readonly Fact[]; text: string }
  | { type: "steps"; steps: readonly Said[] }
  | { type: "notice"; tone: Tone; title: string; text?: string }
  | (Finding & { type: "finding" })
  | { type: "pictures"; title?: string; pictures: readonly Picture[] }
  | (History & { type: "history" })
  | { type: "mileages"; points: readonly Point[]; alt: string; falls?: readonly Fall[] }
  | { type: "comparison"; before: string; after: string; rows: readonly Compared[] };

export interface Section {
  id: string;
  title: string;
  blocks: readonly Block[];
}

/** What stands beside what is laid out; `finding` and `photo` have a place for `{number}`. */
export interface Labels {
  contents: string;
  finding: string;
  meaning: string;
  to_do: string;
  explanation: string;
  photo: string;
  when: string;
  what: string;
  source: string;
}

export interface Presented {
  language: "ru" | "en";
  reader: "buyer" | "seller" | "partner";
  scope: { photos?: boolean; history?: boolean };
  report_id: string;
  version: number;
  made_at: string;
  masthead: {
    title: string;
    number: string;
    version: string;
    car: Quoted;
    identifier: Fact;
    verdict: Verdict | null;
    verdict_title: string;
    verdict_text: string;
    tone: Tone;
    by?: Fact | null;
    on: string;
  };
  labels: Labels;
  sections: readonly Section[];
  fine_print: string;
}

/** The address of a whole photo, or nothing where it is not to be seen. */
export type AddressOf = (picture: Picture) => string | undefined;

/** A whole photo as this device keeps it, or nothing where it does not. */
export type KeptOf = (picture: Picture) => Promise<Blob | undefined>;
