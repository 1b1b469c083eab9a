/** What leads from a case to those of cars like its own. */

import { spelled } from "$kit/spelling";
import type { Schemas } from "../../api/client";

type Claim = Pick<Schemas["VehicleClaim"], "identifier" | "identifier_kind" | "make">;

const BEGINNING = 8;

/**
 * The address of a search for numbers that begin as this one does, of this make. Nothing without either. The make is
 * looked for as words: a client may spell it in either script, and as a facet it has one spelling.
 */
export function alike(claim: Claim): string | undefined {
  // The plates of two cars that are alike have nothing in common.
  const number = claim.identifier_kind === "plate" ? "" : spelled(claim.identifier);
  const make = claim.make?.replace(/["\s]+/g, " ").trim();
  const q = [number.length > BEGINNING && `${number.slice(0, BEGINNING)}*`, make && (/\s/.test(make) ? `"${make}"` : make)];
  const asked = q.filter(Boolean).join(" ");
  return asked ? `/search?${new URLSearchParams({ q: asked })}` : undefined;
}
