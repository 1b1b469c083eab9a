/** The reports of an inspection: one of each version of the answer. */

import { sendForJson, sendOrRaise } from "$kit/api/http";
import type { Logo, Picture, Presented, Section } from "$kit/report/presented";

export interface Version {
  version: number;
  code: string;
  made_at: string;
}

export interface Told extends Version {
  presented: Presented;
  logo: Logo | null;
}

/** What an answer says otherwise than that of the check of the same car before it. */
export interface Comparison {
  earlier: { inspection_id: string };
  section: Section;
}

const under = (inspectionId: string): string => `/api/v1/inspections/${inspectionId}/reports`;

export function versionsOf(inspectionId: string): Promise<readonly Version[]> {
  return sendForJson(new Request(under(inspectionId)));
}

export function reportOf(inspectionId: string, version: number, language: string): Promise<Told> {
  return sendForJson(new Request(`${under(inspectionId)}/${version}?language=${language}`));
}

export function comparisonOf(inspectionId: string, language: string): Promise<Comparison | null> {
  return sendForJson(new Request(`/api/v1/inspections/${inspectionId}/comparison?language=${language}`));
}

export function pdfAddress(inspectionId: string, version: number, language: string, short = false): string {
  return `${under(inspectionId)}/${version}/pdf?language=${language}${short ? "&form=short" : ""}`;
}

export function photoAddress(inspectionId: string, photo: string): string {
  return `/api/v1/inspections/${inspectionId}/evidence/${photo}/preview`;
}

export async function photoOf(inspectionId: string, photo: string): Promise<Blob> {
  return (await sendOrRaise(new Request(photoAddress(inspectionId, photo)))).blob();
}

/** The photos that a report shows, in its order. */
export function photosIn(presented: Presented): string[] {
  return presented.sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block): readonly Picture[] => (("pictures" in block && block.pictures) || []))
    .map(({ evidence_id }) => evidence_id);
}
