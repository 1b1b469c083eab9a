/** Where a page of a new check leads. */

import { drafts } from "../../drafts/drafts.svelte";
import { proposed } from "./numbers";
import { showsNumber } from "./readiness";
import { readings } from "./readings.svelte";

/** The page after the photos: the number is compared where it is in doubt, and typed where none can be read. */
export function afterPhotos(id: string): string {
  const photos = drafts.photosOf(id);
  if (drafts.draft(id)?.identifier || !photos.some(showsNumber)) return "check";
  const proposal = proposed(photos, (photoId) => readings.of(photoId));
  if (proposal) return proposal.sure ? "check" : "number";
  return photos.some((photo) => readings.mayCome(photo)) ? "check" : "type";
}
