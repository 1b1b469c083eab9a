/** In whose name one may order, and which one was chosen last on this device. */

import { unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";
import type { Me } from "../../api/remembered";
import type { InNameOf } from "../../drafts/database";

export type Branch = Schemas["BranchOut"];

const KEPT_AS = "in-name-of";
export const OWN: InNameOf = { company_id: null, branch_id: null };

export async function branchesOf(company_id: string): Promise<readonly Branch[]> {
  return (await unwrap(api.GET("/api/v1/companies/{company_id}", { params: { path: { company_id } } }))).branches;
}

/** Whether one works there still, an agent in that very branch. */
export function mayOrder({ memberships }: Me, { company_id, branch_id }: InNameOf): boolean {
  const there = memberships.find((one) => one.company_id === company_id);
  return company_id === null || (there !== undefined && (there.branch_id === null || there.branch_id === branch_id));
}

/** What the account chose last here; its own name, unless it was another that it may order in still. */
export function chosenLast(me: Me): InNameOf {
  const chosen = all()[me.account.id];
  return chosen && mayOrder(me, chosen) ? chosen : OWN;
}

export function keepChosen({ account }: Me, chosen: InNameOf): void {
  localStorage.setItem(KEPT_AS, JSON.stringify({ ...all(), [account.id]: chosen }));
}

function all(): Record<string, InNameOf> {
  return JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Record<string, InNameOf>;
}
