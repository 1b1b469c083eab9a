/**
 * The drafts and photos of this phone, as the screens see them. Every change is on the disk before it is told;
 * only what is typed is seen at once.
 *
 * Two tabs may be open on one draft: each change is made to the row as it is on the disk, in one transaction,
 * and told to the other tabs. What belongs to another account is kept, and neither shown nor sent.
 */

import { untrack } from "svelte";
import type { Shot } from "../api/client";
import { newId } from "$kit/api/unwrap";
import { NOBODY, remembered } from "../api/remembered";
import { passShared, sharedPhotos } from "../sharing/shared";
import { change, database, isFull, LINK, type Answer, type Draft, type Photo, type Quality, type Refused, type Words } from "./database";
import { ofOwner } from "./kept";
import { Typed } from "./typed";

export interface NewPhoto {
  quality?: Quality;
  capturedAt?: number;
  infoTaskId?: string;
  inspectionId?: string;
  held?: string;
  unsorted?: boolean;
}

// The server takes no larger one: said at once, not after a long upload.
const MOST_BYTES = 50 * 1024 * 1024;

/**
 * A photo was not kept: the phone has no room for it or keeps nothing at all, the file cannot be read or there is
 * nothing in it, or no server would take it.
 */
export class NotKept extends Error {
  override readonly name = "NotKept";

  constructor(readonly why: "full" | "empty" | "too_large" | "unreadable" | "unkept") {
    super(why);
  }
}

const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("drafts") : undefined;

class Drafts {
  /** Whose are shown: those of the account that is signed in, or what is nobody's. */
  account = $state(remembered()?.account.id ?? NOBODY);
  /** What was begun before whoever is here now signed in: whose it is has to be asked. */
  nobodys = $state.raw<{ drafts: number; photos: number }>();
  /** Whether something of another account is kept here. */
  others = $state(false);
  all = $state.raw<readonly Draft[]>([]);
  /** Those that the person deleted, and of which the server is still to be told. */
  deleted = $state.raw<readonly Draft[]>([]);
  photos = $state.raw<readonly Photo[]>([]);
  answers = $state.raw<readonly Answer[]>([]);
  /** In the order in which they were written. */
  words = $state.raw<readonly Words[]>([]);
  /** Whether they have been read yet. */
  ready = $state(false);
  /** This browser keeps nothing (a private window, a full disk): photos would be lost on a reload. */
  broken = $state(false);
  /** The phone had no room for what was written last: that is on this page only. */
  full = $state(false);
  private listeners = new Set<() => void>();
  /** Drafts that were begun on this page before the server had said who is here: theirs, whoever it is. */
  private begun: Set<string> | undefined = remembered() ? undefined : new Set();
  private typedDrafts = new Typed<Draft>(() => (this.full = true));
  private typedAnswers = new Typed<Answer>(() => (this.full = true));

  constructor() {
    if (channel) channel.onmessage = () => void this.read();
    // Whoever writes something small says nothing of a full phone: it is said once, over every page.
    globalThis.addEventListener?.("unhandledrejection", (event) => {
      if (!isFull(event.reason)) return;
      event.preventDefault();
      this.full = true;
    });
  }

  /** Call `act` whenever something was added or changed that may have to be sent. */
  onChange(act: () => void): void {
    this.listeners.add(act);
  }

  /** Somebody else is here now, or nobody: show what is theirs. */
  async use(account: string): Promise<void> {
    const begun = this.begun ?? [];
    this.begun = undefined;
    if (account === this.account) return;
    this.account = account;
    this.ready = false;
    this.all = this.deleted = this.photos = this.answers = this.words = [];
    this.nobodys = undefined;
    for (const id of begun) await this.adopt(id);
    await this.read();
  }

  async read(): Promise<void> {
    const db = await database();
    const [all, photos, answers, words, shared] = await Promise.all([
      db.getAll("drafts"),
      db.getAll("photos"),
      db.getAll("answers"),
      db.getAll("words"),
      sharedPhotos(NOBODY).catch(() => []),
    ]);
    const { account } = this;
    const isOurs = ({ owner }: { owner: string }): boolean => owner === account;
    this.answers = answers.filter(isOurs).map((one) => this.typedAnswers.over(one.taskId, one));
    this.words = words.filter(isOurs).sort((one, other) => one.writtenAt - other.writtenAt);
    this.deleted = all.filter((one) => isOurs(one) && one.state === "deleted");
    this.all = all
      .filter((one) => isOurs(one) && one.state !== "deleted")
      .map((one) => this.typedDrafts.over(one.id, one))
      .sort((one, other) => other.changedAt - one.changedAt);
    this.photos = photos.filter(isOurs).sort((one, other) => one.addedAt - other.addedAt);
    const left = all.filter(({ state }) => state !== "deleted");
    this.others = [...left, ...photos].some(({ owner }) => owner !== NOBODY && owner !== account && !owner.startsWith(LINK));
    const lost = photos.filter(({ owner }) => owner === NOBODY);
    const begun = all.filter((one) => one.owner === NOBODY && hasSomething(one, lost));
    const count = { drafts: begun.length, photos: lost.length + shared.length };
    this.nobodys = account !== NOBODY && count.drafts + count.photos > 0 ? count : undefined;
    this.ready = true;
  }

  /** What was nobody's belongs to whoever is signed in: all of it, or one draft. */
  async adopt(draftId?: string): Promise<void> {
    const { account } = this;
    const isMeant = (owner: string, id: string | null): boolean => owner === NOBODY && (draftId ?? id) === id;
    await change(["drafts", "photos", "answers"], async (work) => {
      const [drafts, photos, answers] = [work.objectStore("drafts"), work.objectStore("photos"), work.objectStore("answers")];
      for (const { inspectionId: _, ...row } of await drafts.getAll()) {
        // Whoever has sent a part of it before, it is made anew: the same for the same account.
        if (isMeant(row.owner, row.id)) await drafts.put({ ...row, owner: account, dirty: true });
      }
      for (const row of await photos.getAll()) {
        if (!isMeant(row.owner, row.draftId)) continue;
        await photos.put({ ...(row.draftId === null ? row : unsent(row)), owner: account });
      }
      for (const row of draftId === undefined ? await answers.getAll() : []) {
        if (row.owner !== NOBODY) continue;
        await answers.delete([NOBODY, row.taskId]);
        await answers.put({ ...row, owner: account });
      }
    });
    if (draftId === undefined) await passShared(NOBODY, account);
    await this.unwrap();
  }

  draft(id: string): Draft | undefined {
    return this.all.find((one) => one.id === id);
  }

  photosOf(draftId: string): Photo[] {
    return this.photos.filter((photo) => photo.draftId === draftId);
  }

  /** The draft that is being edited, or a new one. */
  async open(): Promise<Draft> {
    return this.all.find((one) => one.state === "editing") ?? (await this.begin());
  }

  /** A draft for another car: one in which nothing was done yet, or else a new one. */
  async begin(): Promise<Draft> {
    if (!this.ready) await this.read();
    const empty = this.all.find((one) => one.state === "editing" && !hasSomething(one, this.photos));
    if (empty) return empty;
    const now = Date.now();
    const draft: Draft = {
      id: newId(),
      owner: this.account,
      createdAt: now,
      changedAt: now,
      identifier: "",
      kind: "vin",
      plate: "",
      worry: "",
      dirty: true,
      submitKey: newId(),
      state: "editing",
      problem: null,
    };
    this.begun?.add(draft.id);
    await (await database()).put("drafts", draft);
    await this.unwrap();
    void navigator.storage?.persist?.();
    return draft;
  }

  /**
   * Keep on which page the person is: known at once, and on the disk in the order in which pages were turned. It is
   * nothing that would have to be sent, or is worth an error on a full phone.
   */
  async turnTo(id: string, page: string): Promise<void> {
    try {
      const write = this.typedDrafts.during(id, { page }, async (all) => {
        await this.put(id, all);
        // Here, not after it: a write that left its row to a newer one has made no room and kept nothing.
        await this.tell();
      });
      // Whoever turns a page follows nothing that is kept.
      this.all = untrack(() => this.all).map((one) => this.typedDrafts.over(one.id, one));
      await write;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** Change what is on the disk; returns what it became, or nothing if the draft is gone. */
  async change(id: string, written: Partial<Draft>): Promise<Draft | undefined> {
    const changed = await this.put(id, written);
    await this.unwrap();
    return changed;
  }

  private put(id: string, written: Partial<Draft>): Promise<Draft | undefined> {
    return change(["drafts"], async (work) => {
      const store = work.objectStore("drafts");
      const draft = await store.get(id);
      const changed = draft && { ...draft, ...written, ...(draft.state === "deleted" ? { state: draft.state } : {}) };
      if (changed) await store.put(changed);
      return changed;
    });
  }

  /** What the person wrote. It takes back an attempt to send that was refused. */
  async edit(
    id: string,
    words: Partial<Pick<Draft, "identifier" | "kind" | "asSeen" | "plate" | "worry" | "advert" | "shotAnswers" | "inNameOf">>,
  ): Promise<void> {
    const typed = { ...words, dirty: true, changedAt: Date.now() };
    const write = this.typedDrafts.during(id, typed, (all) => this.change(id, { ...all, problem: null, state: "editing" }));
    this.all = this.all.map((one) => this.typedDrafts.over(one.id, one));
    await write;
  }

  /** Keep a photo, bytes first. Raises NotKept, and nothing is kept. */
  async addPhoto(draftId: string | null, shot: Shot, original: Blob, more: NewPhoto = {}): Promise<string> {
    if (original.size === 0) throw new NotKept("empty");
    if (original.size > MOST_BYTES) throw new NotKept("too_large");
    const now = Date.now();
    const { quality = "unchecked", capturedAt = now, infoTaskId, inspectionId, held, unsorted } = more;
    const photo: Photo = {
      id: newId(),
      owner: this.account,
      draftId,
      shot,
      quality,
      name: original instanceof File ? original.name : "photo.jpg",
      type: original.type || "application/octet-stream",
      size: original.size,
      capturedAt,
      addedAt: now,
      state: held ? "held" : "kept",
      offset: 0,
      problem: null,
      ...(infoTaskId ? { infoTaskId } : {}),
      ...(inspectionId ? { inspectionId } : {}),
      ...(held ? { held } : {}),
      ...(unsorted ? { unsorted } : {}),
    };
    // A photo is kept once it would survive the battery's end, not once the engine has heard of it.
    await database().catch(() => {
      throw new NotKept("unkept");
    });
    const put = change(
      ["photos", "files"],
      (work) => Promise.all([work.objectStore("files").put({ photoId: photo.id, original }), work.objectStore("photos").put(photo)]),
      { durability: "strict" },
    );
    await put.catch((error: unknown) => {
      if (!(error instanceof DOMException)) throw error;
      throw new NotKept(isFull(error) ? "full" : "unreadable");
    });
    await this.unwrap();
    return photo.id;
  }

  async changePhoto(id: string, written: Partial<Photo>): Promise<void> {
    await change(["photos"], async (work) => {
      const store = work.objectStore("photos");
      const photo = await store.get(id);
      if (photo) await store.put({ ...photo, ...written });
    });
    await this.unwrap();
  }

  async removePhoto(id: string): Promise<void> {
    await change(["photos", "files"], (work) =>
      Promise.all([work.objectStore("photos").delete(id), work.objectStore("files").delete(id)]),
    );
    await this.unwrap();
  }

  /** What the person answers to a question of an expert, while it is written. */
  async write(taskId: string, inspectionId: string, text: string): Promise<void> {
    const write = this.typedAnswers.during(taskId, { text }, (all) => this.answer(taskId, inspectionId, all));
    this.answers = this.answers.map((one) => this.typedAnswers.over(one.taskId, one));
    await write;
  }

  /** Keep what became of the answer to a question of an expert. */
  async answer(taskId: string, inspectionId: string, written: Partial<Answer>): Promise<void> {
    const empty: Answer = { owner: this.account, taskId, inspectionId, text: "", key: newId(), state: "editing", problem: null };
    await change(["answers"], async (work) => {
      const store = work.objectStore("answers");
      await store.put({ ...((await store.get([empty.owner, taskId])) ?? empty), ...written });
    });
    await this.unwrap();
  }

  async removeAnswer(taskId: string): Promise<void> {
    await (await database()).delete("answers", [this.account, taskId]);
    await this.unwrap();
  }

  /** Send the experts a message, now or as soon as there is a network. */
  async say(inspectionId: string, text: string): Promise<void> {
    const { account: owner } = this;
    const words: Words = { id: newId(), owner, inspectionId, text, writtenAt: Date.now(), problem: null };
    await (await database()).put("words", words);
    await this.unwrap();
  }

  /** What was said was refused. */
  async notSaid(words: Words, problem: Refused): Promise<void> {
    await (await database()).put("words", { ...words, problem });
    await this.unwrap();
  }

  /** The server has it, or it is not to be sent any more. */
  async removeWords(id: string): Promise<void> {
    await (await database()).delete("words", id);
    await this.unwrap();
  }

  /** The person deletes a draft: with all of its photos, here and, if it may be there, on the server. */
  async discard(id: string): Promise<void> {
    await this.drop(id, (draft) => (draft.asked || draft.inspectionId ? { ...draft, state: "deleted", problem: null } : undefined));
  }

  /** Forget a draft and all of its photos. */
  async remove(id: string): Promise<void> {
    await this.drop(id, () => undefined);
  }

  /** Forget all photos of a draft, and what is not `left` of it. */
  private async drop(id: string, left: (draft: Draft) => Draft | undefined): Promise<void> {
    await change(["drafts", "photos", "files"], async (work) => {
      const photos = await work.objectStore("photos").index("draftId").getAllKeys(id);
      const draft = await work.objectStore("drafts").get(id);
      const kept = draft && left(draft);
      if (kept) await work.objectStore("drafts").put(kept);
      else await work.objectStore("drafts").delete(id);
      for (const photo of photos) {
        await work.objectStore("photos").delete(photo);
        await work.objectStore("files").delete(photo);
      }
    });
    await this.unwrap();
  }

  /** Forget everything of whoever is here: they sign out, or are erased. Or what is nobody's. */
  async clear(owner = this.account): Promise<void> {
    await change(["drafts", "photos", "files", "answers", "words", "kept", "pictures"], async (work) => {
      for (const name of ["drafts", "photos", "answers", "words"] as const) {
        for (let at = await work.objectStore(name).openCursor(); at; at = await at.continue()) {
          if (at.value.owner !== owner) continue;
          if (name === "photos") await work.objectStore("files").delete(at.primaryKey as string);
          await at.delete();
        }
      }
      await work.objectStore("kept").delete(ofOwner(owner));
      await work.objectStore("pictures").delete(ofOwner(owner));
    });
    await passShared(owner, undefined);
    await this.unwrap();
  }

  /** Show it here and in other tabs. */
  private async tell(): Promise<void> {
    this.full = false;
    await this.read();
    channel?.postMessage("changed");
  }

  private async unwrap(): Promise<void> {
    await this.tell();
    for (const act of this.listeners) act();
  }
}

/** Whether anything was done in a draft, with `photos` among which are its own. */
export function hasSomething(draft: Draft, photos: readonly Photo[]): boolean {
  const { identifier, plate, worry, advert = {}, shotAnswers = {} } = draft;
  const typed = [identifier, plate, worry, ...Object.values(advert), ...Object.values(shotAnswers)];
  return typed.some(Boolean) || photos.some(({ draftId }) => draftId === draft.id);
}

/** The photo as it was before anything of it was sent. */
export function unsent({ evidenceId: _e, copy: _c, uploadUrl: _u, ...photo }: Photo): Photo {
  return { ...photo, state: "kept", offset: 0, problem: null };
}

export const drafts = new Drafts();
