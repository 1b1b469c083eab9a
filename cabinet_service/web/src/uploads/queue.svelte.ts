/**
 * Sends what this phone keeps, in the order in which it helps the experts: the drafts, a small copy of each photo,
 * the submit if it was asked for, and then the untouched originals, which give way to whatever comes up meanwhile.
 *
 * It goes on after a cut, a reload and a reboot, and gives up nothing by itself: an error that passes is tried
 * again, with growing pauses; a refusal is written to the photo or the draft, where the person sees it. One tab
 * works at a time.
 */

import { api, type Evidence } from "../api/client";
import { newId, once, told } from "$kit/api/told";
import { sendOrRaise } from "$kit/api/http";
import { Offline, passes, Problem } from "$kit/api/problem";
import { session } from "../api/session.svelte";
import { database, type Answer, type Draft, type Photo, type Refused } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { smallCopy } from "./copy";
import { sha256 } from "./hash";
import { upload } from "./tus";

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
// A megabyte takes 3 minutes at 50 kbit/s.
const COPY_PATIENCE = 180_000;
const DAY = 24 * 60 * 60 * 1000;

class Queue {
  /** Whether the last attempt found no network. */
  offline = $state(!navigator.onLine);
  /** The photo whose original is on its way now. */
  sending = $state<string>();
  private running = false;
  private again = false;
  private hurried = false;
  private pause = FIRST_PAUSE;
  private timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => (this.offline = true));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
    drafts.onChange(() => this.drain());
    this.hurry();
  }

  /** Send now: somebody asked for it, or the network is back. It waits for no pause after earlier failures. */
  hurry(): void {
    this.pause = FIRST_PAUSE;
    this.hurried = this.running;
    this.drain();
  }

  /** Send what there is to send, if it is not being done already. */
  drain(): void {
    if (!session.isSignedIn) return;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = true;
    void this.alone(() => this.everything())
      .then(() => this.rest(undefined))
      .catch((error: unknown) => this.rest(error));
  }

  private rest(error: unknown): void {
    this.running = false;
    this.sending = undefined;
    if (error === undefined) {
      this.hurried = false;
      this.offline = !navigator.onLine; // there may have been nothing to ask the server for
      this.pause = FIRST_PAUSE;
      if (this.again) {
        this.again = false;
        this.drain();
      }
      return;
    }
    this.again = false;
    if (this.hurried) {
      this.hurried = false;
      this.drain();
      return;
    }
    this.offline = error instanceof Offline;
    if (!passes(error) && !isSignedOut(error)) console.error(error);
    const wished = error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : this.pause;
    this.timer = setTimeout(() => this.drain(), wished * (0.75 + Math.random() / 2));
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }

  /** Where tabs can agree, one works; elsewhere all do, which costs traffic and is safe. */
  private async alone(work: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return work();
    await navigator.locks.request("uploads", work);
  }

  private async everything(): Promise<void> {
    await drafts.read();
    for (const draft of drafts.all) {
      if (draft.problem) continue;
      const worthwhile = draft.state !== "editing" || drafts.photosOf(draft.id).length > 0;
      if (worthwhile) await this.forward(draft);
    }
    await this.each(awaitsCopy, sendCopy);
    // Of these the experts have nothing until the original is there.
    await this.each((photo) => awaitsOriginal(photo) && !photo.evidenceId, (photo) => this.sendOriginal(photo));
    for (const draft of drafts.all) {
      if (draft.state === "sending" && !draft.problem) await this.submit(draft);
    }
    await replies();
    await this.each(awaitsOriginal, async (photo) => {
      if (isPressed()) this.again = true;
      else await this.sendOriginal(photo);
      await replies();
    });
    await forgetWhatIsDone();
  }

  /** Do `act` to each photo that is `due`, one after the other: first what experts asked for, then the smallest. */
  private async each(due: (photo: Photo) => boolean, act: (photo: Photo) => Promise<void>): Promise<void> {
    const first = (photo: Photo): number => (photo.infoTaskId ? 0 : 1);
    const order = drafts.photos.filter(due).sort((one, other) => first(one) - first(other) || one.size - other.size);
    for (const { id } of order) {
      const photo = drafts.photos.find((one) => one.id === id);
      if (photo && due(photo)) await orRefused(() => act(photo), (problem) => drafts.changePhoto(id, { problem, state: "refused" }));
    }
  }

  /** Make the draft on the server, or tell it what was changed. */
  private async forward(draft: Draft): Promise<void> {
    const claim = {
      ...(draft.identifier ? { identifier: draft.identifier, identifier_kind: draft.kind } : {}),
      ...(draft.plate ? { plate: draft.plate } : {}),
    };
    const body = { claim, ...(draft.worry ? { worry: draft.worry } : {}) };
    await orRefused(
      async () => {
        if (draft.inspectionId === undefined) {
          const params = { header: once(draft.id) };
          const made = await told(api.POST("/api/v1/inspections", { params, body: { claim: {} } }));
          await drafts.change(draft.id, { inspectionId: made.id });
          draft = { ...draft, inspectionId: made.id };
        }
        if (!draft.dirty) return;
        const params = { path: { inspection_id: draft.inspectionId ?? "" } };
        await told(api.PATCH("/api/v1/inspections/{inspection_id}", { params, body }));
        // Only if it was not edited meanwhile.
        if (drafts.draft(draft.id)?.changedAt === draft.changedAt) await drafts.change(draft.id, { dirty: false });
      },
      (problem) => drafts.change(draft.id, { problem, state: "editing" }),
    );
  }

  private async submit(draft: Draft): Promise<void> {
    // What was written since this began must be there before it is sent.
    if (draft.dirty) await this.forward(draft);
    const current = drafts.draft(draft.id);
    if (current?.state !== "sending" || current.dirty) {
      this.again = true;
      return;
    }
    const { inspectionId } = draft;
    if (inspectionId === undefined) return;
    if (drafts.photosOf(draft.id).some((photo) => !photo.evidenceId && photo.state !== "refused")) return;
    await orRefused(
      async () => {
        const params = { path: { inspection_id: inspectionId }, header: once(draft.submitKey) };
        await told(api.POST("/api/v1/inspections/{inspection_id}/submit", { params }));
        await drafts.change(draft.id, { state: "sent" });
      },
      // The answer to this key is a refusal for good: the next attempt is another one.
      (problem) => drafts.change(draft.id, { problem, state: "editing", submitKey: newId() }),
    );
  }

  /** Returns when it has arrived, or gives way to something smaller: then it is gone on with later. */
  private async sendOriginal(photo: Photo): Promise<void> {
    const file = await (await database()).get("files", photo.id);
    const inspectionId = inspectionOf(photo);
    if (!file?.original || !inspectionId) return;
    this.sending = photo.id;
    const hash = photo.sha256 ?? (await sha256(file.original));
    const outcome = await upload(file.original, {
      url: photo.uploadUrl,
      metadata: { inspection_id: inspectionId, ...fieldsOf(photo, hash) },
      onBegun: (uploadUrl) => drafts.changePhoto(photo.id, { uploadUrl, sha256: hash }),
      onProgress: (offset) => drafts.changePhoto(photo.id, { offset }),
      // Not with one that was removed meanwhile, or it would be back on the server with its last part.
      mayGoOn: () => !isPressed() && drafts.photos.some((one) => one.id === photo.id),
    });
    if (!outcome) {
      this.again = true;
      return;
    }
    // Only once the server has compared the hash of what it holds has it arrived.
    if (!outcome.evidence_id) throw new Offline("the server is not done with it");
    await drafts.changePhoto(photo.id, { state: "sent", evidenceId: outcome.evidence_id });
  }
}

function awaitsCopy(photo: Photo): boolean {
  return photo.state === "kept" && photo.copy === undefined && inspectionOf(photo) !== undefined;
}

function awaitsOriginal(photo: Photo): boolean {
  return photo.state === "kept" && photo.copy !== undefined && inspectionOf(photo) !== undefined;
}

/** Whether something waits that is worth more to the experts than the next part of an original. */
function isPressed(): boolean {
  const isReady = (draft: Draft): boolean => drafts.photosOf(draft.id).every((one) => one.evidenceId || one.problem);
  const isSending = (draft: Draft): boolean => draft.state === "sending" && !draft.problem && isReady(draft);
  return drafts.photos.some(awaitsCopy) || drafts.all.some(isSending);
}

/** Send the small copy ahead. Where there can be none the original goes by itself. */
async function sendCopy(photo: Photo): Promise<void> {
  const file = await (await database()).get("files", photo.id);
  const inspectionId = inspectionOf(photo);
  if (!file?.original || !inspectionId) return;
  const copy = await smallCopy(file.original);
  if (!copy) {
    await drafts.changePhoto(photo.id, { copy: "none" });
    return;
  }
  const hash = photo.sha256 ?? (await sha256(file.original));
  const form = new FormData();
  const announced = { ...fieldsOf(photo, hash), media_type: photo.type, size_bytes: String(photo.size) };
  for (const [name, value] of Object.entries(announced)) form.set(name, value);
  form.set("file", copy, "copy.jpg");
  const address = `/api/v1/inspections/${inspectionId}/evidence/copies`;
  try {
    const answer = await sendOrRaise(new Request(address, { method: "POST", body: form }), COPY_PATIENCE);
    const { id } = (await answer.json()) as Evidence;
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

async function replies(): Promise<void> {
  for (const answer of drafts.answers) if (answer.state === "sending") await reply(answer);
}

/** Answer a question, once the server has the original of every photo that belongs to it: the clock runs on then. */
async function reply({ taskId, inspectionId, text, key }: Answer): Promise<void> {
  const photos = drafts.photos.filter((photo) => photo.infoTaskId === taskId && photo.state !== "refused");
  if (photos.some((photo) => photo.state !== "sent")) return;
  await orRefused(
    async () => {
      const evidence_ids = photos.flatMap((photo) => photo.evidenceId ?? []);
      const body = { evidence_ids, ...(text ? { answer: text } : {}) };
      const params = { path: { inspection_id: inspectionId, task_id: taskId }, header: once(key) };
      await told(api.POST("/api/v1/inspections/{inspection_id}/info-tasks/{task_id}/fulfilment", { params, body }));
      await drafts.removeAnswer(taskId);
    },
    (problem) => drafts.answer(taskId, inspectionId, { problem, state: "editing", key: newId() }),
  );
}

/** How much of a photo the server holds. */
export function percent(photo: Photo): number {
  return Math.floor((photo.offset / photo.size) * 100);
}

/** The inspection on the server that a photo belongs to, once there is one. */
export function inspectionOf(photo: Photo): string | undefined {
  if (photo.inspectionId !== undefined) return photo.inspectionId;
  return photo.draftId === null ? undefined : drafts.draft(photo.draftId)?.inspectionId;
}

/** Forget what the server has: at once if it came with a draft, after a day if an answer may still need it. */
async function forgetWhatIsDone(): Promise<void> {
  for (const photo of drafts.photos) {
    const old = photo.draftId === null && photo.addedAt < Date.now() - DAY;
    if (photo.state === "sent" && old) await drafts.removePhoto(photo.id);
  }
  for (const draft of drafts.all) {
    const left = drafts.photosOf(draft.id).some((photo) => photo.state !== "sent");
    if (draft.state === "sent" && !left) await drafts.remove(draft.id);
  }
}

/** Do it; a lasting refusal is `noted`, everything else is for the next attempt. */
async function orRefused(act: () => Promise<void>, note: (problem: Refused) => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem) || error.passes || isSignedOut(error)) throw error;
    await note({ code: error.code, detail: error.detail });
  }
}

function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

export const queue = new Queue();
