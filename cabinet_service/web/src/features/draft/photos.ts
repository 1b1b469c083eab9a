/** Photos on their way into a draft, and what becomes of each. */

import type { Shot } from "../../api/client";
import type { Photo } from "../../drafts/database";
import { drafts, NotKept } from "../../drafts/drafts.svelte";
import { words } from "../../ui/errors";
import { originalOf } from "../../uploads/bytes";

export type PhotoState = "good" | "faulty" | "refused" | "lost";

/** How a photo stands, for whoever looks at many. */
export function stateOf(photo: Photo): PhotoState {
  if (photo.state === "refused") return photo.problem?.code === "unreadable" ? "lost" : "refused";
  return photo.quality === "ok" || photo.quality === "unchecked" ? "good" : "faulty";
}

/** Keep photos out of the gallery, each without a shot until it is said what it shows; returns why some were not. */
export async function keepUnsorted(draftId: string, files: readonly File[]): Promise<string[]> {
  const refused: string[] = [];
  for (const file of files) {
    try {
      await drafts.addPhoto(draftId, "other", file, { capturedAt: file.lastModified, unsorted: true });
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      refused.push(`${file.name}: ${words(error)}`);
    }
  }
  return refused;
}

/** Keep what the person says that a photo shows, and what is wrong with it for that. */
export async function sort(photoId: string, shot: Shot): Promise<void> {
  await drafts.changePhoto(photoId, { shot, unsorted: false });
  const file = await originalOf(photoId).catch(() => undefined);
  if (file) await advise(photoId, shot, file);
}

/** Say what is wrong with a photo, once that is known; whoever is faster sends it as it is. */
async function advise(photoId: string, shot: Shot, file: Blob): Promise<void> {
  // Offline before the app was kept whole there are no rules to judge by: the photo goes unchecked.
  const rules = await import("../../gate/judge").catch(() => undefined);
  if (!rules) return;
  const { quality } = await rules.judge(file, shot);
  // Where the reader was faster and saw no number, nothing else is worth saying.
  if (drafts.photos.find((one) => one.id === photoId)?.quality === "no_number") return;
  await drafts.changePhoto(photoId, { quality });
}
