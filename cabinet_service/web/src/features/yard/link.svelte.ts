/** The link by which this page was opened: the car that it shows, and what becomes of it. */

import type { Schemas, Shot, ShotAnswer } from "../../api/client";
import { sendForJson, sendOrRaise, speakFor } from "$kit/api/http";
import { Offline, Problem } from "$kit/api/problem";
import { newId } from "$kit/api/unwrap";
import { change, LINK, type Draft, type Photo } from "../../drafts/database";
import { drafts } from "../../drafts/drafts.svelte";
import { forget, keep, recall } from "../../drafts/kept";
import { sha256 } from "../../uploads/hash";
import { queue } from "../../uploads/queue.svelte";
import { forgetLink, hasEnded, keepUntil, takeOver, unsent } from "./kept";

export type Car = Schemas["YardOut"];
export type Ended = "unknown" | "expired" | "revoked" | "over";

const LOOK_EVERY = 20_000;

/** The secret of a link: it stands behind the #, which no server sees. Nothing where there is none. */
export function tokenIn(hash: string): string | undefined {
  return /^#([\w-]{16,64})$/.exec(hash)?.[1];
}

/** What became of the link, if that is what the problem says. */
export function endedBy(error: unknown): Ended | undefined {
  const code = error instanceof Problem ? error.code : "";
  return /^yard_link_(unknown|expired|revoked|over)$/.exec(code)?.[1] as Ended | undefined;
}

class Link {
  /** As the server told it last, or as this phone kept it. */
  car = $state.raw<Car>();
  ended = $state<Ended>();
  error = $state.raw<unknown>();
  /** Whose is what this phone keeps for the link: made of its token, and it says nothing of that. */
  owner = "";
  private hasTakenOver = false;

  /** Nothing is done here in the name of whoever is signed in on this phone: all requests show the link. */
  async open(token: string | undefined): Promise<void> {
    if (token === undefined) {
      this.ended = "unknown";
      return;
    }
    this.owner = LINK + (await sha256(new Blob([token]))).slice(0, 32);
    speakFor({ isSignedIn: true, account: this.owner, bearer: `yard_${token}`, signedOut: () => undefined });
    await drafts.use(this.owner).catch(() => (drafts.broken = true));
    const kept = await recall(this.owner, "car");
    if (kept) this.car ??= kept.told as Car;
    await this.look();
  }

  /** Ask the server. What it told last stays where it cannot be reached. */
  async look(): Promise<void> {
    if (this.ended) return;
    try {
      const car = await sendForJson<Car>(new Request("/api/v1/yard"));
      await this.begin(car);
      this.car = car;
      this.error = undefined;
      keepUntil(this.owner, car.expires_at);
      await keep(this.owner, "car", car);
    } catch (error) {
      const ended = endedBy(error);
      if (ended) await this.end(ended);
      else if (error instanceof Offline || error instanceof Problem) this.error = error;
      else throw error;
    }
  }

  /** Ask every now and then while somebody looks; returns what ends it. */
  watch(): () => void {
    const look = (): void => void (document.visibilityState === "visible" && this.look());
    const timer = setInterval(look, LOOK_EVERY);
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
    };
  }

  /**
   * Nothing more is sent by it. What was photographed and is not there yet waits for another link to the same car, as
   * long as the car is needed; of what the link showed nothing is left.
   */
  private async end(ended: Ended): Promise<void> {
    const { owner } = this;
    this.ended = ended;
    this.car = undefined;
    speakFor({ isSignedIn: false, account: undefined, signedOut: () => undefined });
    const isWaiting = ended !== "over" && unsent(drafts.photos).length > 0;
    if (isWaiting) hasEnded(owner);
    await (isWaiting ? forget(owner, "car") : forgetLink(owner)).catch(() => undefined);
  }

  /** What is brought is kept as photos of one draft, as those of a new check are, with what waited for this link. */
  private async begin(car: Car): Promise<void> {
    const { owner } = this;
    const now = Date.now();
    const draft: Draft = {
      id: owner,
      owner,
      createdAt: now,
      changedAt: now,
      identifier: "",
      kind: "vin",
      plate: "",
      worry: "",
      dirty: false,
      inspectionId: car.inspection_id,
      submitKey: newId(),
      state: "editing",
      problem: null,
      byLink: { told: {} },
    };
    if (!drafts.draft(owner)) {
      await change(["drafts"], async (work) => {
        const store = work.objectStore("drafts");
        if (!(await store.get(owner))) await store.put(draft);
      });
      await drafts.read();
    }
    if (this.hasTakenOver) return;
    this.hasTakenOver = true;
    if (await takeOver(owner, car.inspection_id)) queue.drain();
  }
}

export const link = new Link();

/** How a shot stands: how many photos there are, here or there, and what was said in its place. */
export interface Standing {
  taken: number;
  answer: ShotAnswer | undefined;
}

/** What of the photos kept here the server does not count yet. */
export function uncounted(photos: readonly Photo[], car: Car): Photo[] {
  const there = new Set(car.photos.map((one) => one.id));
  return photos.filter((one) => one.state !== "refused" && !(one.evidenceId && there.has(one.evidenceId)));
}

export function standingOf(asked: Schemas["YardShot"], car: Car, photos: readonly Photo[], draft: Draft | undefined): Standing {
  const here = uncounted(photos, car).filter((one) => one.shot === asked.shot).length;
  const said = draft?.shotAnswers?.[asked.shot];
  const taken = asked.photos + here;
  return { taken, answer: taken ? undefined : (said ?? asked.answer ?? undefined) };
}

/** The shots that are asked for from `first` on, without what is done. */
export function shotsFrom(first: Shot, asked: readonly Shot[], done: ReadonlySet<Shot>): Shot[] {
  return [first, ...asked.slice(asked.indexOf(first) + 1).filter((shot) => !done.has(shot))];
}

/** The small copy of a photo that the link shows. */
export async function shownPhoto(evidenceId: string): Promise<Blob> {
  return (await sendOrRaise(new Request(`/api/v1/yard/photos/${evidenceId}`))).blob();
}
