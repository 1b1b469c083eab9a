/**
 * Sends what this phone keeps, in the order in which it helps the experts: the drafts, what was written, a small copy of each photo,
 * the submit if it was asked for, and then the untouched originals, which give way to whatever comes up meanwhile.
 *
 * It goes on after a cut, a reload and a reboot, and gives up nothing by itself: an error that passes is tried
 * again, with growing pauses; a refusal is written to the photo or the draft, where the person sees it. What goes
 * wrong with one of them keeps none of the others: it rests by itself, longer each time. One tab works at a time.
 */

import { Offline } from "$kit/api/problem";
import { drafts } from "../drafts/drafts.svelte";
import { arrived, Unloaded } from "./arrival";
import { isOurs } from "./ours";
import { FIRST_PAUSE, longer, pauseAfter, Resting } from "./pauses";

type Sending = typeof import("./round").default;

class Queue {
  /** Whether the last attempt found no network. */
  offline = $state(!navigator.onLine);
  /** Whether what sends is missing, although there is a network: the page has to be loaded anew. */
  unloaded = $state(false);
  /** The photo whose original is on its way now. */
  sending = $state<string>();
  private Round: Sending | undefined;
  private running = false;
  private again = false;
  private hurried = false;
  private pause = FIRST_PAUSE;
  private readonly resting = new Resting();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Send from now on; with `Round`, which sends, where the page has it already. */
  start(Round?: Sending): void {
    this.Round ??= Round;
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
    void this.alone(() => this.round())
      .then(() => this.rest(undefined))
      .catch((error: unknown) => this.rest(error));
  }

  private rest(error: unknown): void {
    this.running = false;
    this.sending = undefined;
    this.unloaded = error instanceof Unloaded;
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

  /** Send everything once. What does it is loaded once somebody is here who may have something to send. */
  private async round(): Promise<void> {
    const Round = (this.Round ??= (await arrived(() => import("./round"))).default);
    const onRead = (photoId: string): void => void (this.sending = photoId);
    await new Round(this.resting, { onRead, onLeft: () => (this.again = true) }).everything();
  }

  /** Where tabs can agree, one works for each of those whose it is; elsewhere all do, which costs traffic and is safe. */
  private async alone(work: () => Promise<void>): Promise<void> {
    if (!navigator.locks) return work();
    await navigator.locks.request(`uploads ${drafts.account}`, work);
  }
}

export const queue = new Queue();
