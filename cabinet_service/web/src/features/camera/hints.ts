/** What to do with the phone while it is aimed: by the same rules as the photo itself will be judged. */

import type { Quality } from "../../drafts/database";
import { judge } from "../../gate/judge";
import { workingSize } from "../../gate/pixels";

export type Hint = "focus" | "level" | "dark" | "glare" | "clear";

const HINTS: Partial<Record<Quality, Hint>> = {
  ok: "clear",
  blurred: "focus",
  shaken: "level",
  too_dark: "dark",
  too_bright: "glare",
  glare: "glare",
};
const PAUSE = 500;

/** Call `say` whenever something else is to be said, until the function that is returned is called. */
export function hintsOf(video: HTMLVideoElement, shot: string, say: (hint: Hint | undefined) => void): () => void {
  let over = false;
  let timer: ReturnType<typeof setTimeout>;
  let before: Hint | undefined;

  async function look(): Promise<void> {
    const now = HINTS[(await judgement(video, shot)) ?? "unchecked"];
    if (over) return;
    // A word that is gone the next moment helps nobody.
    if (now === before) say(now);
    before = now;
    timer = setTimeout(() => void look(), PAUSE);
  }

  void look();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

async function judgement(video: HTMLVideoElement, shot: string): Promise<Quality | undefined> {
  if (!video.videoWidth) return undefined;
  const { width, height } = workingSize({ width: video.videoWidth, height: video.videoHeight });
  // A camera is asked many times: no more of its picture is copied than is looked at.
  const frame = await createImageBitmap(video, { resizeWidth: width, resizeHeight: height }).catch(() => undefined);
  return frame && (await judge(frame, shot)).quality;
}
