/**
 * Sends what this phone keeps, in the order in which it helps the experts: the drafts, what was written, a small copy of each photo,
 * the submit if it was asked for, and then the untouched originals, which give way to whatever comes up meanwhile.
 *
 * It goes on after a cut, a reload and a reboot, and gives up nothing by itself: an error that passes is tried
 * again, with growing pauses; a refusal is written to the photo or the draft, where the person sees it. What goes
 * wrong with one of them keeps none of the others: it rests by itself, longer each time. One tab works at a time.
 */

import { account } from "$kit/api/http";
import { Intercepted, Offline, passes } from "$kit/api/problem";
import type { Draft, Photo, Refused, Words } from "../drafts/database";
import { drafts } from "../drafts/drafts.svelte";
import { deleteThere, forward, submit } from "./draft";
import { FIRST_PAUSE, longer, pauseAfter, Resting } from "./pauses";
import { awaitsCopy, awaitsOriginal, sendCopy, sendOriginal } from "./photos";
import { isSignedOut, orRefused } from "./refusals";
import { reply, say } from "./words";

// So many failures one after the other are the server's, and not those of what was sent.
const MOST_IN_A_ROW = 5;
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
  /** What went wrong in this round, though the rest of it went on. */
  private failed: unknown;
  private inARow = 0;
  private readonly resting = new Resting();
  private timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    addEventListener("online", () => {
      this.offline = false; // there may be nobody here for whom anything could be sent
      this.hurry();
    });
    addEventListener("offline", () => (this.offline = true));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
    drafts.onChange(() => this.drain());
    this.hurry();
  }

  /** Send now: somebody asked for it, or the network is back. It waits for no pause after earlier failures. */
  hurry(): void {
    this.pause = FIRST_PAUSE;
    this.resting.clear();
    this.hurried = this.running;
    this.drain();
  }

  /** Send what there is to send, if it is not being done already. */
  drain(): void {
    if (!isOurs()) return;
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
        return;
      }
      const next = this.resting.next();
      if (next !== undefined) this.timer = setTimeout(() => this.drain(), Math.max(next - Date.now(), 0));
      return;
    }
    this.again = false;
    if (this.hurried) {
      this.hurried = false;
      this.drain();
      return;
    }
    this.offline = error instanceof Offline;
    this.timer = setTimeout(() => this.drain(), pauseAfter(error, this.pause));
    this.pause = longer(this.pause);
  }

  /** Where tabs can agree, one works for each of those whose it is; elsewhere all do, which costs traffic and is safe. */
  private async alone(work: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return work();
    await navigator.locks.request(`uploads ${drafts.account}`, work);
  }

  private async everything(): Promise<void> {
    this.failed = undefined;
    this.inARow = 0;
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
      if (this.isPressed()) this.again = true;
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
      onRead: () => (this.sending = photo.id),
      mayGoOn: () => isOurs() && !this.isPressed(),
    });
    await this.orAgain(outcome.then((gaveWay) => gaveWay && isOurs()));
  }

  /** What says that it is not done is gone on with in another round. */
  private async orAgain(isLeft: Promise<boolean>): Promise<void> {
    if (await isLeft) this.again = true;
  }
}

/** What is tried of a draft beside keeping its words on the server. */
function submitOf({ id }: Draft): string {
  return `submit ${id}`;
}

/** Whether what is sent now would go out in the name of those whose it is. */
function isOurs(): boolean {
  return account() !== undefined && account() === drafts.account;
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

export const queue = new Queue();
