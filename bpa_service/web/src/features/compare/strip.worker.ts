/** Measures strips beside the page, which can be used meanwhile: nine boxes take some seconds. */

import { boxesAround, figuresOf, stripIn } from "./figures";
import type { Asked, Measured } from "./measuring";

addEventListener("message", ({ data: { picture, box, text } }: MessageEvent<Asked>) => {
  const [drawn, ...others] = boxesAround(box, picture);
  if (!drawn) return;
  const strip = stripIn(picture, drawn, text);
  const found: Measured = { strip };
  postMessage(found);
  const strips = [strip, ...others.map((one) => stripIn(picture, one, text))];
  postMessage({ strip, figures: figuresOf(strips) } satisfies Measured);
});
