/** Companies as the server tells of them, and what their people do there. */

import { sendOrRaise } from "$kit/api/http";
import { newId, once, unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";
import { session } from "../../api/session.svelte";

export type Company = Schemas["CompanyOut"];
export type Branch = Schemas["BranchOut"];
export type Member = Schemas["MemberOut"];
export type Invitation = Schemas["InvitationOut"];
export type Offer = Schemas["OfferOut"];
export type Terms = Schemas["TermsOut"];
export type Usage = Schemas["UsageOut"];

const of = (company_id: string): { path: { company_id: string } } => ({ path: { company_id } });

export const terms = (): Promise<Terms> => unwrap(api.GET("/api/v1/company-terms"));

export const company = (id: string): Promise<Company> => unwrap(api.GET("/api/v1/companies/{company_id}", { params: of(id) }));

/** Say what one is called: colleagues see it. */
export async function callOneself(display_name: string): Promise<void> {
  session.become(await unwrap(api.PATCH("/api/v1/me", { body: { display_name } })));
}

/** Make one: `key` makes that safe to repeat. One is a member afterwards. */
export async function found(body: Schemas["NewCompany"], key: string): Promise<Company> {
  const made = await unwrap(api.POST("/api/v1/companies", { params: { header: once(key) }, body }));
  await session.look();
  return made;
}

export const change = (id: string, body: Schemas["CompanyPatch"]): Promise<Company> =>
  unwrap(api.PATCH("/api/v1/companies/{company_id}", { params: of(id), body }));

/** The file, as the company's logo: it is drawn anew. */
export async function giveLogo(id: string, file: Blob): Promise<void> {
  const headers = { "Content-Type": "application/octet-stream" };
  await sendOrRaise(new Request(`/api/v1/companies/${id}/logo`, { method: "PUT", headers, body: file }), PATIENCE);
}

export async function takeLogo(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/v1/companies/{company_id}/logo", { params: of(id) }));
}

/** Two megabytes, on a phone. */
const PATIENCE = 60_000;

export const agree = (id: string, body: Schemas["AgreementIn"]): Promise<Company> =>
  unwrap(api.POST("/api/v1/companies/{company_id}/agreement", { params: of(id), body }));

export const addBranch = (id: string, name: string, key: string): Promise<Branch> =>
  unwrap(api.POST("/api/v1/companies/{company_id}/branches", { params: { ...of(id), header: once(key) }, body: { name } }));

export function changeBranch(id: string, branch_id: string, body: Schemas["BranchPatch"]): Promise<Branch> {
  const params = { path: { company_id: id, branch_id } };
  return unwrap(api.PATCH("/api/v1/companies/{company_id}/branches/{branch_id}", { params, body }));
}

export const members = (id: string): Promise<Member[]> =>
  unwrap(api.GET("/api/v1/companies/{company_id}/members", { params: of(id) }));

export function changeMember(id: string, account_id: string, body: Schemas["MemberPatch"]): Promise<Member[]> {
  const params = { path: { company_id: id, account_id } };
  return unwrap(api.PATCH("/api/v1/companies/{company_id}/members/{account_id}", { params, body }));
}

export async function removeMember(id: string, account_id: string): Promise<void> {
  const params = { path: { company_id: id, account_id } };
  await unwrap(api.DELETE("/api/v1/companies/{company_id}/members/{account_id}", { params }));
}

/** Leave it: nothing of it is seen any more. */
export async function leave(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/v1/companies/{company_id}/membership", { params: of(id) }));
  await session.look();
}

export const invitations = (id: string): Promise<Invitation[]> =>
  unwrap(api.GET("/api/v1/companies/{company_id}/invitations", { params: of(id) }));

export const invite = (id: string, body: Schemas["NewInvitation"], key: string): Promise<Invitation> =>
  unwrap(api.POST("/api/v1/companies/{company_id}/invitations", { params: { ...of(id), header: once(key) }, body }));

export async function withdraw(id: string, invitation_id: string): Promise<void> {
  const params = { path: { company_id: id, invitation_id } };
  await unwrap(api.DELETE("/api/v1/companies/{company_id}/invitations/{invitation_id}", { params }));
}

export const offer = (token: string): Promise<Offer> => unwrap(api.POST("/api/v1/invitations/opened", { body: { token } }));

/** Come in; `name` where one has none yet. */
export async function accept(token: string, name: string | null): Promise<Offer> {
  const taken = await unwrap(api.POST("/api/v1/invitations/accepted", { body: { token, name } }));
  await session.look();
  return taken;
}

/** What a month (`2026-11`) came to; the one that it is now, if none is named. */
export const usage = (id: string, month?: string): Promise<Usage> =>
  unwrap(api.GET("/api/v1/companies/{company_id}/usage", { params: { ...of(id), query: month ? { month } : {} } }));

export const registerOf = (id: string, format: "csv" | "xlsx", month: string): string =>
  `/api/v1/companies/${id}/register?format=${format}&month=${month}`;

export { newId };
