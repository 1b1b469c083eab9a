/** Proposes grids and measures under them, beside the page, which can be used meanwhile. */

import type { Answered, Asked } from "./asking";
import { proposed } from "./propose";
import { figuresOf } from "./values";

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  const answer: Answered =
    "box" in data ? { grid: proposed(data.picture, data.box, data.text) } : { figures: figuresOf(data.picture, data.grid, data.text) };
  postMessage(answer);
});
