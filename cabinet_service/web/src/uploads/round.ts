/**
 * One round of sending (`queue.svelte.ts`): everything once, each by itself. It is loaded once somebody is here who may
 * have something to send, and in one piece: no part of it can be missing when what it sends is due.
 */

import { Intercepted, Offline, passes } from "$kit/api/problem";
import type { Draft, Photo, Refused, Words } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { deleteThere, forward, submit } from "./draft";
import { isOurs } from "./ours";
import type { Resting } from "./pauses";
import { awaitsCopy, awaitsOriginal, sendCopy, sendOriginal } from "./photos";
import { isSignedOut, orRefused } from "./refusals";
import { reply, say } from "./words";

// So many failures one after the other are the server's, and not those of what was sent.
const MOST_IN_A_ROW = 5;
const DAY = 24 * 60 * 60 * 1000;

interface Heard {
  /** The original of this photo is read, and on its way from now on. */
  onRead: (photoId: string) => void;
  /** Something is not done, and wants another round. */
  onLeft: () => void;
}

export default class Round {
  /** What went wrong, though the rest of it went on. */
  private failed: unknown;
  private inARow = 0;

  constructor(
    private readonly resting: Resting,
    private readonly on: Heard,
  ) {}

  /** Raises Offline, and what keeps all the rest from being sent. */
  async everything(): Promise<void> {
    await drafts.read();
    for (const draft of drafts.deleted) await this.attempt(draft.id, () => deleteThere(draft));
    for (const draft of drafts.all) {
      if (draft.problem) continue;
      const worthwhile = draft.byLink || draft.state !== "editing" || drafts.photosOf(draft.id).length > 0;
      if (worthwhile) await this.attempt(draft.id, () => forward(draft));
    }
    await this.replies();
    await this.each(awaitsCopy, sendCopy);
    // Of these the experts have nothing until the original is there.
    await this.each((photo) => awaitsOriginal(photo) && !photo.evidenceId, (photo) => this.original(photo));
    for (const draft of drafts.all) {
      const isReady = draft.state === "sending" && !draft.problem && !this.resting.has(draft.id);
      if (isReady) await this.attempt(submitOf(draft), () => this.orAgain(submit(draft)));
    }
    await this.replies();
    await this.each(awaitsOriginal, async (photo) => {
      if (this.isPressed()) this.on.onLeft();
      else await this.original(photo);
      await this.replies();
    });
    await forgetWhatIsDone();
    if (this.failed instanceof Offline) throw this.failed;
  }

  /**
   * Do it. What fails keeps nothing else and rests, unless it is the line, the session or the server that fails: a
   * second answer that is not the server's tells, and so do several failures one after the other.
   */
  private async attempt(id: string, act: () => Promise<void>): Promise<void> {
    if (this.resting.has(id) || !isOurs()) return;
    try {
      await act();
      this.resting.delete(id);
      this.inARow = 0;
    } catch (error) {
      const isIntercepted = error instanceof Intercepted;
      if (isSignedOut(error) || (error instanceof Offline && (!isIntercepted || this.failed instanceof Offline))) throw error;
      if (!passes(error)) console.error(error);
      this.resting.add(id, error);
      if (isIntercepted || this.failed === undefined) this.failed = error;
      if (++this.inARow >= MOST_IN_A_ROW) throw error;
    }
  }

  /** Whether something waits that is worth more to the experts than the next part of an original. */
  private isPressed(): boolean {
    const isFree = ({ id }: Draft | Photo): boolean => !this.resting.has(id);
    const isReady = (draft: Draft): boolean => drafts.photosOf(draft.id).every((one) => one.evidenceId || one.problem);
    const isSending = (draft: Draft): boolean => draft.state === "sending" && !draft.problem && isReady(draft) && !this.resting.has(submitOf(draft));
    const isWaiting = ({ inspectionId, problem }: Words): boolean => !problem && !this.resting.has(inspectionId);
    if (drafts.words.some(isWaiting)) return true;
    return drafts.photos.some((one) => isFree(one) && awaitsCopy(one)) || drafts.all.some((one) => isFree(one) && isSending(one));
  }

  /** What was written to the experts: of one inspection in the order in which it was. */
  private async replies(): Promise<void> {
    for (const words of drafts.words) if (!words.problem) await this.attempt(words.inspectionId, () => say(words));
    for (const answer of drafts.answers) if (answer.state === "sending") await this.attempt(answer.taskId, () => reply(answer));
  }

  /** Do `act` to each photo that is `due`, one after the other: first what experts asked for, then the smallest. */
  private async each(due: (photo: Photo) => boolean, act: (photo: Photo) => Promise<void>): Promise<void> {
    const first = (photo: Photo): number => (photo.infoTaskId ? 0 : 1);
    const order = drafts.photos.filter(due).sort((one, other) => first(one) - first(other) || one.size - other.size);
    for (const { id } of order) {
      const photo = drafts.photos.find((one) => one.id === id);
      if (!photo || !due(photo)) continue;
      const refused = (problem: Refused): Promise<void> => drafts.changePhoto(id, { problem, state: "refused" });
      await this.attempt(id, () => orRefused(() => act(photo), refused));
    }
  }

  private async original(photo: Photo): Promise<void> {
    const outcome = sendOriginal(photo, {
      onRead: () => this.on.onRead(photo.id),
      mayGoOn: () => isOurs() && !this.isPressed(),
    });
    await this.orAgain(outcome.then((gaveWay) => gaveWay && isOurs()));
  }

  /** What says that it is not done is gone on with in another round. */
  private async orAgain(isLeft: Promise<boolean>): Promise<void> {
    if (await isLeft) this.on.onLeft();
  }
}

/** What is tried of a draft beside keeping its words on the server. */
function submitOf({ id }: Draft): string {
  return `submit ${id}`;
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
