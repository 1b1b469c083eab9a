/** Sends photos: a small copy ahead, then the untouched original in parts. */

import { sendForJson } from "$kit/api/http";
import { Offline, Problem } from "$kit/api/problem";
import type { Evidence } from "../api/client";
import type { Photo } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { originalOf } from "./bytes";
import { smallCopy } from "./copy";
import { sha256 } from "./hash";
import { upload } from "./tus";

// A megabyte takes 3 minutes at 50 kbit/s.
const COPY_PATIENCE = 180_000;

/** How much of a photo the server holds. */
export function percent(photo: Photo): number {
  return Math.floor((photo.offset / photo.size) * 100);
}

/** The inspection on the server that a photo belongs to, once there is one. */
export function inspectionOf(photo: Photo): string | undefined {
  if (photo.inspectionId !== undefined) return photo.inspectionId;
  return photo.draftId === null ? undefined : drafts.draft(photo.draftId)?.inspectionId;
}

export function awaitsCopy(photo: Photo): boolean {
  return photo.state === "kept" && photo.copy === undefined && inspectionOf(photo) !== undefined && !awaitsWords(photo);
}

/** Whether the person may still say what it shows. */
function awaitsWords(photo: Photo): boolean {
  return Boolean(photo.unsorted && photo.draftId && drafts.draft(photo.draftId)?.state === "editing");
}

export function awaitsOriginal(photo: Photo): boolean {
  return photo.state === "kept" && photo.copy !== undefined && inspectionOf(photo) !== undefined;
}

/** Send the small copy ahead. Where there can be none the original goes by itself. */
export async function sendCopy(photo: Photo): Promise<void> {
  const inspectionId = inspectionOf(photo);
  if (!inspectionId) return;
  const original = await originalOf(photo.id);
  const copy = await smallCopy(original);
  if (!copy) {
    await drafts.changePhoto(photo.id, { copy: "none" });
    return;
  }
  const hash = photo.sha256 ?? (await sha256(original));
  const form = new FormData();
  const announced = { ...fieldsOf(photo, hash), media_type: photo.type, size_bytes: String(photo.size) };
  for (const [name, value] of Object.entries(announced)) form.set(name, value);
  form.set("file", copy, "copy.jpg");
  const address = `/api/v1/inspections/${inspectionId}/evidence/copies`;
  try {
    const { id } = await sendForJson<Evidence>(new Request(address, { method: "POST", body: form }), COPY_PATIENCE);
    await drafts.changePhoto(photo.id, { sha256: hash, copy: "sent", evidenceId: id });
  } catch (error) {
    // What is wrong with the copy or with what the phone takes the photo for need not be wrong with the original.
    if (!(error instanceof Problem) || !/^photo_|^malformed_request$/.test(error.code)) throw error;
    await drafts.changePhoto(photo.id, { sha256: hash, copy: "none" });
  }
}

/** What the server is told of a photo, whichever way it comes. */
function fieldsOf(photo: Photo, hash: string): Record<string, string> {
  return {
    shot: photo.shot,
    sha256: hash,
    captured_at: new Date(photo.capturedAt).toISOString(),
    ...(photo.infoTaskId ? { info_task_id: photo.infoTaskId } : {}),
  };
}

/** Returns when it has arrived, or gives way: whether it did, and is to be gone on with later. */
export async function sendOriginal(photo: Photo, { onRead, mayGoOn }: { onRead: () => void; mayGoOn: () => boolean }): Promise<boolean> {
  const inspectionId = inspectionOf(photo);
  if (!inspectionId) return false;
  const original = await originalOf(photo.id);
  onRead();
  const hash = photo.sha256 ?? (await sha256(original));
  const outcome = await upload(original, {
    url: photo.uploadUrl,
    metadata: { inspection_id: inspectionId, ...fieldsOf(photo, hash) },
    onBegun: (uploadUrl) => drafts.changePhoto(photo.id, { uploadUrl, sha256: hash }),
    onProgress: (offset) => drafts.changePhoto(photo.id, { offset }),
    // Not with one that was removed meanwhile, or it would be back on the server with its last part.
    mayGoOn: () => mayGoOn() && drafts.photos.some((one) => one.id === photo.id),
  });
  if (!outcome) return true;
  // Only once the server has compared the hash of what it holds has it arrived.
  if (!outcome.evidence_id) throw new Offline("the server is not done with it");
  await drafts.changePhoto(photo.id, { state: "sent", evidenceId: outcome.evidence_id });
  return false;
}
