/**
 * The drafts and photos of this phone, as the screens see them. Every change is on the disk before it is told;
 * only what is typed is seen at once.
 *
 * Two tabs may be open on one draft: each change is made to the row as it is on the disk, in one transaction,
 * and told to the other tabs.
 */

import type { Shot } from "../api/client";
import { newId } from "$kit/api/told";
import { database, type Answer, type Draft, type Photo, type Quality } from "./database";
import { Typed } from "./typed";

export interface NewPhoto {
  quality?: Quality;
  capturedAt?: number;
  infoTaskId?: string;
  inspectionId?: string;
}

// The server takes no larger one: said at once, not after a long upload.
const MOST_BYTES = 50 * 1024 * 1024;

/** A photo was not kept: the phone has no room for it, there is nothing in it, or no server would take it. */
export class NotKept extends Error {
  override readonly name = "NotKept";

  constructor(readonly why: "full" | "empty" | "too_large") {
    super(why);
  }
}

const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("drafts") : undefined;

class Drafts {
  all = $state.raw<readonly Draft[]>([]);
  photos = $state.raw<readonly Photo[]>([]);
  answers = $state.raw<readonly Answer[]>([]);
  /** Whether they have been read yet. */
  ready = $state(false);
  /** This browser keeps nothing (a private window, a full disk): photos would be lost on a reload. */
  broken = $state(false);
  private listeners = new Set<() => void>();
  private typedDrafts = new Typed<Draft>();
  private typedAnswers = new Typed<Answer>();

  constructor() {
    if (channel) channel.onmessage = () => void this.read();
  }

  /** Call `act` whenever something was added or changed that may have to be sent. */
  onChange(act: () => void): void {
    this.listeners.add(act);
  }

  async read(): Promise<void> {
    const db = await database();
    const [all, photos, answers] = await Promise.all([
      db.getAll("drafts"),
      db.getAll("photos"),
      db.getAll("answers"),
    ]);
    this.answers = answers.map((one) => this.typedAnswers.over(one.taskId, one));
    this.all = all
      .map((one) => this.typedDrafts.over(one.id, one))
      .sort((one, other) => other.changedAt - one.changedAt);
    this.photos = photos.sort((one, other) => one.addedAt - other.addedAt);
    this.ready = true;
  }

  draft(id: string): Draft | undefined {
    return this.all.find((one) => one.id === id);
  }

  photosOf(draftId: string): Photo[] {
    return this.photos.filter((photo) => photo.draftId === draftId);
  }

  /** The draft that is being edited, or a new one. */
  async open(): Promise<Draft> {
    const editing = this.all.find((one) => one.state === "editing");
    if (editing) return editing;
    const now = Date.now();
    const draft: Draft = {
      id: newId(),
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
    await (await database()).put("drafts", draft);
    await this.told();
    void navigator.storage?.persist?.();
    return draft;
  }

  /** Change what is on the disk; returns what it became, or nothing if the draft is gone. */
  async change(id: string, change: Partial<Draft>): Promise<Draft | undefined> {
    const db = await database();
    const work = db.transaction("drafts", "readwrite");
    const draft = await work.store.get(id);
    const changed = draft && { ...draft, ...change };
    if (changed) await work.store.put(changed);
    await work.done;
    await this.told();
    return changed;
  }

  /** What the person wrote. It takes back an attempt to send that was refused. */
  async edit(id: string, words: Partial<Pick<Draft, "identifier" | "kind" | "plate" | "worry">>): Promise<void> {
    const typed = { ...words, dirty: true, changedAt: Date.now() };
    const write = this.typedDrafts.during(id, typed, () => this.change(id, { ...typed, problem: null, state: "editing" }));
    this.all = this.all.map((one) => this.typedDrafts.over(one.id, one));
    await write;
  }

  /** Keep a photo, bytes first. Raises NotKept, and nothing is kept. */
  async addPhoto(draftId: string | null, shot: Shot, original: Blob, more: NewPhoto = {}): Promise<string> {
    if (original.size === 0) throw new NotKept("empty");
    if (original.size > MOST_BYTES) throw new NotKept("too_large");
    const now = Date.now();
    const { quality = "unchecked", capturedAt = now, infoTaskId, inspectionId } = more;
    const photo: Photo = {
      id: newId(),
      draftId,
      shot,
      quality,
      name: original instanceof File ? original.name : "photo.jpg",
      type: original.type || "application/octet-stream",
      size: original.size,
      capturedAt,
      addedAt: now,
      state: "kept",
      offset: 0,
      problem: null,
      ...(infoTaskId ? { infoTaskId } : {}),
      ...(inspectionId ? { inspectionId } : {}),
    };
    // A photo is kept once it would survive the battery's end, not once the engine has heard of it.
    const work = (await database()).transaction(["photos", "files"], "readwrite", { durability: "strict" });
    try {
      await Promise.all([
        work.objectStore("files").put({ photoId: photo.id, original }),
        work.objectStore("photos").put(photo),
        work.done,
      ]);
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") throw new NotKept("full");
      throw error;
    }
    await this.told();
    return photo.id;
  }

  async changePhoto(id: string, change: Partial<Photo>): Promise<void> {
    const work = (await database()).transaction("photos", "readwrite");
    const photo = await work.store.get(id);
    if (photo) await work.store.put({ ...photo, ...change });
    await work.done;
    await this.told();
  }

  async removePhoto(id: string): Promise<void> {
    const work = (await database()).transaction(["photos", "files"], "readwrite");
    await Promise.all([
      work.objectStore("photos").delete(id),
      work.objectStore("files").delete(id),
      work.done,
    ]);
    await this.told();
  }

  /** What the person answers to a question of an expert, while it is written. */
  async write(taskId: string, inspectionId: string, text: string): Promise<void> {
    const write = this.typedAnswers.during(taskId, { text }, () => this.answer(taskId, inspectionId, { text }));
    this.answers = this.answers.map((one) => this.typedAnswers.over(one.taskId, one));
    await write;
  }

  /** Keep what became of the answer to a question of an expert. */
  async answer(taskId: string, inspectionId: string, change: Partial<Answer>): Promise<void> {
    const work = (await database()).transaction("answers", "readwrite");
    const empty: Answer = { taskId, inspectionId, text: "", key: newId(), state: "editing", problem: null };
    await work.store.put({ ...((await work.store.get(taskId)) ?? empty), ...change });
    await work.done;
    await this.told();
  }

  async removeAnswer(taskId: string): Promise<void> {
    await (await database()).delete("answers", taskId);
    await this.told();
  }

  /** Forget a draft and all of its photos. */
  async remove(id: string): Promise<void> {
    const work = (await database()).transaction(["drafts", "photos", "files"], "readwrite");
    const photos = await work.objectStore("photos").index("draftId").getAllKeys(id);
    await work.objectStore("drafts").delete(id);
    for (const photo of photos) {
      await work.objectStore("photos").delete(photo);
      await work.objectStore("files").delete(photo);
    }
    await work.done;
    await this.told();
  }

  /** Forget everything: the person signs out, or is erased. */
  async clear(): Promise<void> {
    const names = ["drafts", "photos", "files", "answers"] as const;
    const work = (await database()).transaction(names, "readwrite");
    for (const name of names) await work.objectStore(name).clear();
    await work.done;
    await this.told();
  }

  private async told(): Promise<void> {
    await this.read();
    channel?.postMessage("changed");
    for (const act of this.listeners) act();
  }
}

export const drafts = new Drafts();
