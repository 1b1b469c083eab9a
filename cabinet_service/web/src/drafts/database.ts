/**
 * What this phone keeps until the server has it: drafts, their photos, and the photos' bytes. Each belongs to one
 * account (`owner`), to nobody where it was begun before anybody signed in, or to a link by which a car is
 * photographed (`LINK` and a digest of its token).
 */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { AnswerProved, Deal, IdentifierKind, RefusalReason, Shot, ShotAnswer } from "../api/client";
import { NOBODY, remembered } from "../api/remembered";
import type { Advert } from "./advert";

/** What the phone's own check of a photo found; `unchecked` where it could not be made. */
export type Quality =
  | "ok"
  | "blurred"
  | "shaken"
  | "too_dark"
  | "too_bright"
  | "glare"
  | "too_small"
  | "no_number"
  | "unchecked";

/** A company and perhaps a branch of it, as the server knows them; null and null is one's own name. */
export interface InNameOf {
  company_id: string | null;
  branch_id: string | null;
}

/**
 * An inspection that was not sent yet, or not wholly. Its id is also the key that makes its creation on the
 * server safe to repeat; `submitKey` does the same for sending it.
 */
export interface Draft {
  id: string;
  owner: string;
  createdAt: number;
  changedAt: number;
  identifier: string;
  kind: IdentifierKind;
  /** The number stands so on the car, whatever is wrong with it: said of this very number, and of no later one. */
  asSeen?: boolean;
  plate: string;
  worry: string;
  advert?: Advert;
  /** What the person said of a shot in place of a photo, or besides it. */
  shotAnswers?: Partial<Record<Shot, ShotAnswer>>;
  /** In whose name it is ordered; whoever works for no company is not asked. */
  inNameOf?: InNameOf;
  /** The page on which the person was last: under `/new/:id/`. */
  page?: string;
  /** The claim has changed since the server was told. */
  dirty: boolean;
  inspectionId?: string;
  /** The server was asked to make it, and may have done so, whether or not its answer came. */
  asked?: boolean;
  submitKey: string;
  /**
   * `editing`; `sending`: Send was tapped, and goes on by itself; `sent`: the server has confirmed;
   * `deleted`: the person deleted it, and the server is still to be told.
   */
  state: "editing" | "sending" | "sent" | "deleted";
  /** Links to the car were given: others bring photos and answers, which are on the server alone. */
  given?: boolean;
  /** It is somebody else's, and photographed here by a link: nothing of it but the photos and what is said of shots. */
  byLink?: { /** What the server knows of what was said. */ told: Partial<Record<Shot, ShotAnswer>> };
  /** What keeps it from being sent, until it is changed. */
  problem: Refused | null;
}

/** A refusal of the server: its code, and its words for people. */
export interface Refused {
  code: string;
  detail: string;
}

/**
 * A photo. `held`: it waits for the person to send what it belongs to, and can be taken away until then; `kept`: the
 * original is only here; `sent`: the server has confirmed the SHA-256 of the untouched original;
 * `refused`: it will not take it, `problem` says why.
 */
export interface Photo {
  id: string;
  owner: string;
  draftId: string | null;
  /** Set from the start for a photo of an inspection that was sent before. */
  inspectionId?: string;
  infoTaskId?: string;
  /** With which answer (`taskId`) it goes out. */
  held?: string | undefined;
  shot: Shot;
  /** Nobody has said yet what it shows: until the draft is sent it waits for that. */
  unsorted?: boolean;
  quality: Quality;
  name: string;
  type: string;
  size: number;
  capturedAt: number;
  addedAt: number;
  sha256?: string;
  state: "held" | "kept" | "sent" | "refused";
  evidenceId?: string;
  /** `sent`: the server has a small copy, which stands for it until the original is there; `none`: there is none. */
  copy?: "sent" | "none";
  /** Where its bytes go, once the upload was begun. */
  uploadUrl?: string;
  /** How many of them the server holds. */
  offset: number;
  problem: Refused | null;
}

/** What is chosen beside the words, and of which version of the answer. */
export type OfAnswer = { version: number } & (
  | { kind: "dispute"; findings: string[] }
  | { kind: "rating"; stars: number }
  | { kind: "outcome"; deal?: Deal | undefined; proved?: AnswerProved | undefined }
);

/** What the person answers to a question of an expert, or says of the answer (`of`), until the server has it. */
export interface Answer {
  owner: string;
  /** The question; of what is said of the answer what that is and of which inspection, e.g. `dispute 0195…`. */
  taskId: string;
  of?: OfAnswer;
  inspectionId: string;
  text: string;
  /** Why they cannot do what is asked; the text is then what they add to it. */
  refusal?: RefusalReason | undefined;
  /** The key that makes answering safe to repeat. */
  key: string;
  /** `sending`: Send was tapped, and goes on by itself once the server has the photos. */
  state: "editing" | "sending";
  problem: Refused | null;
}

/** What the person wrote to the experts and sent, until the server has it. `id` makes sending it safe to repeat. */
export interface Words {
  id: string;
  owner: string;
  inspectionId: string;
  text: string;
  writtenAt: number;
  problem: Refused | null;
}

/** What the server told of an inspection or of all of them (`what`), to be read without a network. */
export interface Kept {
  owner: string;
  what: string;
  at: number;
  told: unknown;
  /** The person made it, and it is nowhere else: it makes room for nothing. */
  own?: true;
}

/** A photo of a report that was opened, to be seen without a network. `what` begins with its inspection. */
export interface Picture {
  owner: string;
  what: string;
  /** When the report was opened last. */
  at: number;
  bytes: Blob;
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
  answers: { key: [owner: string, taskId: string]; value: Answer };
  words: { key: string; value: Words };
  kept: { key: [owner: string, what: string]; value: Kept };
  pictures: { key: [owner: string, what: string]; value: Picture };
}

/** How the owner of what is done by a link begins. */
export const LINK = "link:";

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

export function database(): Promise<Database> {
  opened ??= openDB<Schema>("autodetective", 4, {
    async upgrade(db, from, _, work) {
      if (from < 1) {
        db.createObjectStore("drafts", { keyPath: "id" });
        const photos = db.createObjectStore("photos", { keyPath: "id" });
        photos.createIndex("draftId", "draftId");
        photos.createIndex("inspectionId", "inspectionId");
        db.createObjectStore("files", { keyPath: "photoId" });
      }
      if (from < 2) await giveOwners(db, work, from);
      if (from < 3) {
        db.createObjectStore("words", { keyPath: "id" });
        db.createObjectStore("kept", { keyPath: ["owner", "what"] });
      }
      db.createObjectStore("pictures", { keyPath: ["owner", "what"] });
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

/**
 * Change some stores in one transaction. It is on the disk when this returns; whatever went wrong is raised once,
 * QuotaExceededError where the phone has no room.
 */
export async function change<Names extends StoreNames<Schema>[], T>(
  names: [...Names],
  act: (work: IDBPTransaction<Schema, Names, "readwrite">) => Promise<T>,
  options?: IDBTransactionOptions,
): Promise<T> {
  const work = (await database()).transaction(names as Names, "readwrite", options);
  const [result] = await Promise.all([act(work), work.done]);
  return result;
}

/** Whether it is the phone that has no room. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** What was kept before it was written down whose it is belongs to whoever is signed in now. */
async function giveOwners(
  db: Database,
  work: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
  from: number,
): Promise<void> {
  const owner = remembered()?.account.id ?? NOBODY;
  for (const name of ["drafts", "photos"] as const) {
    const store = work.objectStore(name);
    for (const row of await store.getAll()) await store.put({ ...row, owner } as never);
  }
  const answers = from > 0 ? await work.objectStore("answers").getAll() : [];
  if (from > 0) db.deleteObjectStore("answers");
  const store = db.createObjectStore("answers", { keyPath: ["owner", "taskId"] });
  for (const row of answers) await store.put({ ...row, owner });
}
