/** Measures strips beside the page, which can be used meanwhile: one takes a good part of a second. */

import { measureStrip, type Options } from "./glyphs";
import type { Picture } from "./raster";

addEventListener("message", ({ data }: MessageEvent<{ picture: Picture; options: Options }>) => {
  postMessage(measureStrip(data.picture, data.options));
});
