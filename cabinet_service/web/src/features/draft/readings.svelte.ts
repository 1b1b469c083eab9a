/**
 * What the server reads from photos of this phone, to be offered to the person: it is kept for as long as the page
 * lives, and nothing of it is certain. Where nothing can be read, nothing is said: the number is typed.
 */

import { api, type Schemas } from "../../api/client";
import { unwrap } from "$kit/api/unwrap";
import { Offline, Problem } from "$kit/api/problem";
import { database, type Photo } from "../../drafts/database";
import { drafts } from "../../drafts/drafts.svelte";
import { smallCopy } from "../../uploads/copy";
import { showsNumber } from "./readiness";

export type Candidate = Schemas["CandidateOut"];

/** A photo that was read: the picture in which the regions of the candidates are. */
export interface PhotoReading {
  picture: Blob;
  candidates: readonly Candidate[];
  /** Whether it shows anything that may be a number of the body. */
  numberSeen: boolean;
}

// The server takes no more.
const MOST_BYTES = 2 * 1024 * 1024;
const TRIES = 2;

class Readings {
  /** By the photo's id; null while it is being read, or where nothing came of it. */
  private known = $state.raw<Readonly<Record<string, PhotoReading | null>>>({});
  /** The photo that is being read. */
  asking = $state<string>();
  private offline = $state(!navigator.onLine);

  constructor() {
    addEventListener("online", () => (this.offline = false));
    addEventListener("offline", () => (this.offline = true));
  }

  of(photoId: string): PhotoReading | undefined {
    return this.known[photoId] ?? undefined;
  }

  /** Whether something may still be read from a photo. */
  mayCome(photo: Photo): boolean {
    return showsNumber(photo) && !this.offline && !(photo.id in this.known);
  }

  /** Whether a photo should be read now: one at a time, and none twice. */
  private isDue(photo: Photo): boolean {
    return !this.offline && this.asking === undefined && !(photo.id in this.known);
  }

  /** Have the photos read that show the number or may do so, the newest first. */
  follow(photos: readonly Photo[]): void {
    const due = [...photos].reverse().find((photo) => (photo.unsorted || showsNumber(photo)) && this.isDue(photo));
    if (due) void this.read(due);
  }

  /** Have a photo read, and keep what came of it. Raises nothing. */
  private async read({ id, shot }: Photo): Promise<void> {
    this.asking = id;
    let reading: PhotoReading | null | undefined = null;
    try {
      const picture = await forReading(id);
      reading = picture ? { picture, ...(await asked(picture, shot)) } : null;
    } catch (error) {
      if (error instanceof Offline) reading = undefined;
      else if (!(error instanceof Problem)) console.warn(error);
    }
    // Whatever else is wrong with it, that it shows no number comes first.
    if (reading && !reading.numberSeen) await drafts.changePhoto(id, { quality: "no_number" });
    this.asking = undefined;
    if (reading === undefined) this.offline = true; // until the browser says otherwise
    else this.known = { ...this.known, [id]: reading };
  }
}

async function forReading(photoId: string): Promise<Blob | undefined> {
  const file = await (await database()).get("files", photoId);
  if (!file) return undefined;
  const picture = (await smallCopy(file.original)) ?? file.original;
  return picture.size <= MOST_BYTES ? picture : undefined;
}

async function asked(picture: Blob, shot: Photo["shot"]): Promise<Omit<PhotoReading, "picture">> {
  for (let attempt = 1; ; attempt++) {
    try {
      const read = await unwrap(
        api.POST("/api/v1/readings", {
          body: { file: "", shot },
          bodySerializer: () => {
            const form = new FormData();
            form.append("shot", shot);
            form.append("file", picture, "photo");
            return form;
          },
        }),
      );
      return { candidates: read.candidates, numberSeen: read.number_seen };
    } catch (error) {
      // Others are being read, or there were too many: once more, a little later.
      const wait = error instanceof Problem && error.passes ? error.retryAfter : undefined;
      if (wait === undefined || wait > 10 || attempt === TRIES) throw error;
      await new Promise((done) => setTimeout(done, wait * 1000));
    }
  }
}

export const readings = new Readings();
