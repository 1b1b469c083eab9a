/** What programs asked with a company's keys. */

import { api, type Schemas } from "../../api/client";
import { unwrap } from "$kit/api/unwrap";

export type Request = Schemas["ApiRequestOut"];
export type Page = Schemas["PageOf_ApiRequestOut"];

/** Classes of statuses that are asked for by themselves. */
export const CLASSES = ["2xx", "4xx", "5xx"] as const;

/** Of which requests the log is to be; what is empty narrows nothing. */
export interface Narrowed {
  key: string;
  status: string;
  id: string;
}

export function requestsOf(company: string, by: Narrowed, cursor?: string): Promise<Page> {
  const query = {
    limit: 50,
    cursor: cursor ?? null,
    ...(by.key && { key_id: by.key }),
    ...(by.status && { status: by.status }),
    ...(by.id && { request_id: by.id }),
  };
  const params = { path: { company_id: company }, query };
  return unwrap(api.GET("/api/v1/companies/{company_id}/api-requests", { params }));
}

/** How it looks: what is wrong at ours, what was wrong with the request, and all else. */
export const tone = (status: number): "bad" | "warn" | "ok" => (status >= 500 ? "bad" : status >= 400 ? "warn" : "ok");
