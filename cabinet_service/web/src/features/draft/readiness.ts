/** What a draft lacks before it can be sent, in the order in which it is mended. */

import type { Draft, Photo } from "../../drafts/database";
import { wrongIn } from "../../drafts/advert";
import { breaksRules, canStand, hint } from "../../identifiers/identifier";

export type Lack = "photo" | "identifier" | "identifier_errors" | "advert";

/** Any of these shows the number itself; for a frame number or a plate the server asks for the same. */
export const VIN_PLACES = ["vin_stamped", "vin_plate", "door_sticker", "windshield_vin"] as const;

/** What helps besides. */
export const OTHERS = [
  "front",
  "rear",
  "engine_number",
  "glass_marks",
  "seat_belt_tag",
  "odometer",
  "documents",
  "other",
] as const;

type Taken = Pick<Photo, "shot" | "state">;

/** Whether it was taken where a number is. */
export function showsNumber({ shot, state }: Taken): boolean {
  return (VIN_PLACES as readonly string[]).includes(shot) && state !== "refused";
}

export function lacks(draft: Draft, photos: readonly Taken[]): Lack[] {
  const found: Lack[] = [];
  if (!photos.some(showsNumber)) found.push("photo");
  const read = hint(draft.identifier, draft.kind);
  if (!read.value) found.push("identifier");
  else if (breaksRules(read) && !(draft.asSeen && canStand(read.value))) found.push("identifier_errors");
  if (wrongIn(draft.advert ?? {}).length) found.push("advert");
  return found;
}
