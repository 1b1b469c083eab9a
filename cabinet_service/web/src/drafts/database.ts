/** What this phone keeps until the server has it: drafts, their photos, and the photos' bytes. */

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { IdentifierKind, Shot } from "../api/client";

/** What the phone's own check of a photo found; `unchecked` where it could not be made. */
export type Quality =
  | "ok"
  | "blurred"
  | "shaken"
  | "too_dark"
  | "too_bright"
  | "glare"
  | "too_small"
  | "unchecked";

/**
 * An inspection that was not sent yet, or not wholly. Its id is also the key that makes its creation on the
 * server safe to repeat; `submitKey` does the same for sending it.
 */
export interface Draft {
  id: string;
  createdAt: number;
  changedAt: number;
  identifier: string;
  kind: IdentifierKind;
  plate: string;
  worry: string;
  /** The claim has changed since the server was told. */
  dirty: boolean;
  inspectionId?: string;
  submitKey: string;
  /** `editing`; `sending`: Send was tapped, and goes on by itself; `sent`: the server has confirmed. */
  state: "editing" | "sending" | "sent";
  /** What keeps it from being sent, until it is changed. */
  problem: Refused | null;
}

/** A refusal of the server: its code, and its words for people. */
export interface Refused {
  code: string;
  detail: string;
}

/**
 * A photo. `kept`: the original is only here; `sent`: the server has confirmed the SHA-256 of the untouched original;
 * `refused`: it will not take it, `problem` says why.
 */
export interface Photo {
  id: string;
  draftId: string | null;
  /** Set from the start for a photo of an inspection that was sent before. */
  inspectionId?: string;
  infoTaskId?: string;
  shot: Shot;
  quality: Quality;
  name: string;
  type: string;
  size: number;
  capturedAt: number;
  addedAt: number;
  sha256?: string;
  state: "kept" | "sent" | "refused";
  evidenceId?: string;
  /** `sent`: the server has a small copy, which stands for it until the original is there; `none`: there is none. */
  copy?: "sent" | "none";
  /** Where its bytes go, once the upload was begun. */
  uploadUrl?: string;
  /** How many of them the server holds. */
  offset: number;
  problem: Refused | null;
}

/** What the person answers to a question of an expert, until the server has it. */
export interface Answer {
  taskId: string;
  inspectionId: string;
  text: string;
  /** The key that makes answering safe to repeat. */
  key: string;
  /** `sending`: Send was tapped, and goes on by itself once the server has the photos. */
  state: "editing" | "sending";
  problem: Refused | null;
}

/** The bytes of a photo. */
export interface PhotoFile {
  photoId: string;
  original: Blob;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: Draft };
  photos: { key: string; value: Photo; indexes: { draftId: string; inspectionId: string } };
  files: { key: string; value: PhotoFile };
  answers: { key: string; value: Answer };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

export function database(): Promise<Database> {
  opened ??= openDB<Schema>("autodetective", 1, {
    upgrade(db) {
      db.createObjectStore("drafts", { keyPath: "id" });
      const photos = db.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("draftId", "draftId");
      photos.createIndex("inspectionId", "inspectionId");
      db.createObjectStore("files", { keyPath: "photoId" });
      db.createObjectStore("answers", { keyPath: "taskId" });
    },
    // Another tab wants a newer version: let it, and open anew at the next use.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
    terminated: () => (opened = undefined),
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}
