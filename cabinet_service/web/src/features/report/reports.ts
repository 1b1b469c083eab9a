/** The reports of an inspection: one of each version of the answer. */

import { sendForJson } from "$kit/api/http";
import type { Logo, Presented } from "$kit/report/presented";

export interface Version {
  version: number;
  code: string;
  made_at: string;
}

export interface Told extends Version {
  presented: Presented;
  logo: Logo | null;
}

const under = (inspectionId: string): string => `/api/v1/inspections/${inspectionId}/reports`;

export function versionsOf(inspectionId: string): Promise<readonly Version[]> {
  return sendForJson(new Request(under(inspectionId)));
}

export function reportOf(inspectionId: string, version: number, language: string): Promise<Told> {
  return sendForJson(new Request(`${under(inspectionId)}/${version}?language=${language}`));
}

export function pdfAddress(inspectionId: string, version: number, language: string, short = false): string {
  return `${under(inspectionId)}/${version}/pdf?language=${language}${short ? "&form=short" : ""}`;
}
