/**
 * What is wrong with a photo, if anything: the one fault that has to be mended first. It is advice, and never keeps
 * anybody from sending, so a false alarm costs more than a miss.
 */

import { exposure } from "./exposure";
import { toLuma } from "./luma";
import { whiteness, type Whiteness } from "./page";
import { sharpness } from "./sharpness";

export type Verdict = "ok" | "blurred" | "shaken" | "too_dark" | "too_bright" | "glare" | "too_small";

export interface Size {
  width: number;
  height: number;
}

export interface Pixels extends Size {
  rgba: Uint8ClampedArray | Uint8Array;
  /** The size of the photo that these pixels were made from. */
  original: Size;
}

export interface Measures {
  /** The long side of the original. */
  side: number;
  light: number;
  blown: number;
  /** Of a picture that may be too bright or have a glare; null of others. */
  whiteness: Whiteness | null;
  spot: number;
  softest: number | null;
  /** The evenness of the directions against the sharpest of them: low where only one way is soft. */
  oneWay: number | null;
}

export interface Judgement {
  quality: Verdict;
  measures: Measures;
}

/** The long side that photos are brought to: what is not sharp at this size is of no use at any. */
export const WORKING_SIDE = 1024;

/** Found by `python -m bench.gate`, on photos that the figures it reports are not about. */
export const LIMITS = {
  side: 900,
  light: 85,
  blown: 0.28,
  fading: 0.08,
  page: 0.27,
  spot: 0.022,
  softest: 0.15,
  oneWay: 5.17,
};

/** Shots of a whole car: bright paint shines, and hides no number. */
export function isOfAWholeCar(shot: string): boolean {
  return shot === "front" || shot === "rear";
}

export function judgePixels({ rgba, width, height, original }: Pixels, shot = ""): Judgement {
  const luma = toLuma(rgba, width, height);
  const { softest, evenness, sharpest, detail } = sharpness(luma);
  const { light, blown, spot } = exposure(luma, detail);
  // A shake leaves the direction across it nearly as sharp as it was; want of focus leaves none.
  const oneWay = evenness === null || !sharpest ? null : evenness / sharpest;
  const side = Math.max(original.width, original.height);
  const white = blown > LIMITS.blown || spot > LIMITS.spot ? whiteness(luma) : null;
  const measures = { side, light, blown, whiteness: white, spot, softest, oneWay };
  return { quality: verdict(measures, shot), measures };
}

/** Light comes before sharpness: what is dark or washed out looks soft, too. */
export function verdict(measures: Measures, shot = ""): Verdict {
  const { side, light, blown, whiteness, spot, softest, oneWay } = measures;
  if (side < LIMITS.side) return "too_small";
  if (light < LIMITS.light) return "too_dark";
  if (whiteness && whiteness.page < LIMITS.page) {
    if (blown > LIMITS.blown && whiteness.fading > LIMITS.fading) return "too_bright";
    if (spot > LIMITS.spot && !isOfAWholeCar(shot)) return "glare";
  }
  if (softest === null || softest >= LIMITS.softest) return "ok";
  return oneWay !== null && oneWay < LIMITS.oneWay ? "shaken" : "blurred";
}
