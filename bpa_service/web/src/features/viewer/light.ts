/** In what light a photo is looked at. What is kept and sent stays as it was taken. */

export const CHANNELS = ["all", "grey", "red", "green", "blue"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Light {
  /** In per cent of what was taken. */
  brightness: number;
  /** What is shown black and white, in per cent of the brightest, and which power what lies between follows. */
  black: number;
  white: number;
  middle: number;
  negative: boolean;
  sharp: boolean;
  /** The light evened out place by place (CLAHE). */
  even: boolean;
  /** Slopes alone, as if lit from the upper left. */
  relief: boolean;
  channel: Channel;
}

export const AS_TAKEN: Light = {
  brightness: 100,
  black: 0,
  white: 100,
  middle: 1,
  negative: false,
  sharp: false,
  even: false,
  relief: false,
  channel: "all",
};

/** Black and white stay so far apart, whatever was asked for. */
const LEAST_APART = 4;

export function isAsTaken(light: Light): boolean {
  return (Object.keys(AS_TAKEN) as (keyof Light)[]).every((which) => light[which] === AS_TAKEN[which]);
}

/**
 * What becomes of a level between 0 and 1: times `slope`, plus `intercept`, then to the power of `exponent`, and that
 * times `amplitude`, plus `offset`.
 */
export interface Curve {
  slope: number;
  intercept: number;
  exponent: number;
  amplitude: number;
  offset: number;
}

export function curveOf({ brightness, black, white, middle, negative }: Light): Curve {
  const low = Math.min(black, 100 - LEAST_APART) / 100;
  const range = Math.max(white / 100 - low, LEAST_APART / 100);
  const bright = brightness / 100 / range;
  return {
    slope: bright,
    intercept: -low * bright,
    exponent: 1 / middle,
    amplitude: negative ? -1 : 1,
    offset: Number(negative),
  };
}

const GREY = "0.299 0.587 0.114 0 0";
const ROWS: Record<Channel, readonly string[]> = {
  all: ["1 0 0 0 0", "0 1 0 0 0", "0 0 1 0 0"],
  grey: [GREY, GREY, GREY],
  red: Array<string>(3).fill("1 0 0 0 0"),
  green: Array<string>(3).fill("0 1 0 0 0"),
  blue: Array<string>(3).fill("0 0 1 0 0"),
};

/** The colour matrix that shows the channel alone, in grey. */
export function matrixOf(channel: Channel): string {
  return [...ROWS[channel], "0 0 0 1 0"].join(" ");
}
