/** Keys of a company, as its admins make and end them. */

import { api, type Schemas } from "../../api/client";
import { once, unwrap } from "$kit/api/unwrap";
import scopes from "$messages/developer/scopes";

export type Key = Schemas["ApiKeyOut"];
export type NewKey = Schemas["NewApiKeyOut"];
export type Scope = Schemas["KeyScope"];

/** By what each scope is called in the messages. */
const NAMES = {
  "inspections:read": "inspections_read",
  "inspections:write": "inspections_write",
  "photos:write": "photos_write",
  "reports:read": "reports_read",
  "usage:read": "usage_read",
  "webhooks:manage": "webhooks_manage",
} as const satisfies Record<Scope, string>;

export const SCOPES = Object.keys(NAMES) as readonly Scope[];

/** Whether it touches every branch, so that no key of one has it. */
export const isOfWholeCompany = (scope: Scope): boolean => scope === "webhooks:manage";

/** A scope in plain words. */
export const inWords = (scope: Scope): string => scopes()[NAMES[scope]];

const of = (company: string): { company_id: string } => ({ company_id: company });

export const keysOf = (company: string): Promise<Key[]> =>
  unwrap(api.GET("/api/v1/companies/{company_id}/api-keys", { params: { path: of(company) } }));

/** A wish that is sent twice makes one key, which is shown in the first answer alone. */
export function makeKey(company: string, body: Schemas["ApiKeyIn"], wish: string): Promise<NewKey> {
  return unwrap(
    api.POST("/api/v1/companies/{company_id}/api-keys", { params: { path: of(company), header: once(wish) }, body }),
  );
}

export function renewKey(company: string, id: string, wish: string): Promise<NewKey> {
  const params = { path: { ...of(company), key_id: id }, header: once(wish) };
  return unwrap(api.POST("/api/v1/companies/{company_id}/api-keys/{key_id}/renewal", { params }));
}

export function revokeKey(company: string, id: string): Promise<unknown> {
  const params = { path: { ...of(company), key_id: id } };
  return unwrap(api.DELETE("/api/v1/companies/{company_id}/api-keys/{key_id}", { params }));
}

/** Addresses and networks as people list them: with commas, spaces or lines between. */
export const networksIn = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);
