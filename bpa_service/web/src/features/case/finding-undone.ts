/** Findings back as they were before they were recorded, or removed. */

import { newId, once, unwrap } from "$kit/api/unwrap";
import { api, type Finding } from "../../api/client";

/** Take a finding back; one that speaks against the car only with a reason. Raises Problem or Offline. */
export async function withdraw(caseId: string, findingId: string, finding: Finding | undefined, reason: string): Promise<void> {
  const params = { path: { case_id: caseId, finding_id: findingId } };
  const isLight = finding && finding.severity !== "contradiction" && finding.severity !== "anomaly";
  if (isLight) await unwrap(api.DELETE("/api/v1/cases/{case_id}/findings/{finding_id}", { params }));
  else await unwrap(api.PUT("/api/v1/cases/{case_id}/findings/{finding_id}/withdrawal", { params, body: { reason } }));
}

/** Record once more what was removed. Raises Problem or Offline. */
export async function recordAgain(caseId: string, { text, severity, places }: Finding): Promise<void> {
  const params = { path: { case_id: caseId }, header: once(newId()) };
  await unwrap(api.POST("/api/v1/cases/{case_id}/findings", { params, body: { text, severity, places } }));
}
