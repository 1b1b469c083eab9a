/** What a new check takes over from an earlier one. */

import type { Inspection } from "../../api/client";
import type { Draft } from "../../drafts/database";
import type { Advert } from "../../drafts/advert";

type Taken = Pick<Draft, "identifier" | "kind" | "asSeen" | "plate" | "worry" | "advert" | "inNameOf">;

/**
 * Of the `same` car its numbers and its advert; of one like it what it is and what was looked for. Both are ordered in
 * the same name. What was seen at the other time (mileage, photos) is seen anew.
 */
export function outOf({ claim, worry, company_id, branch_id }: Pick<Inspection, "claim" | "worry" | "company_id" | "branch_id">, same: boolean): Taken {
  const said = { make: claim.make, model: claim.model, year: claim.year?.toString(), link: same ? claim.advert_url : null };
  const advert: Advert = Object.fromEntries(Object.entries(said).filter(([, value]) => value)) as Advert;
  const number = same ? { identifier: claim.identifier ?? "", plate: claim.plate ?? "", asSeen: claim.as_seen } : { identifier: "", plate: "", asSeen: false };
  return {
    ...number,
    kind: (same ? (claim.identifier_kind ?? claim.identifier_reading?.kind) : undefined) ?? "vin",
    worry: worry ?? "",
    advert,
    inNameOf: { company_id, branch_id },
  };
}
