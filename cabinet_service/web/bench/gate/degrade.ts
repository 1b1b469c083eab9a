/**
 * What can go wrong with a photo, as optics and light do it: in linear light, before the sensor's noise and clipping.
 * Every fault draws its strength from `random`, so that a seed gives the same photo again.
 */

import type { Luma } from "../../src/gate/luma";

export type Random = () => number;

/** Deterministic random numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Linear light, 1 being what saturates the sensor. */
interface Light {
  width: number;
  height: number;
  data: Float32Array;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

const TO_LIGHT = Float32Array.from({ length: 256 }, (_, value) => (value / 255) ** 2.2);
const STEPS = 65535;
const TO_PIXEL = Uint8Array.from({ length: STEPS + 1 }, (_, step) => Math.round(255 * (step / STEPS) ** (1 / 2.2)));

function lit({ width, height, data }: Luma): Light {
  return { width, height, data: new Float32Array(data.length).map((_, at) => TO_LIGHT[data[at]!]!) };
}

/** The sensor and the file: noise of the light itself and of the electronics, clipping, gamma, 8 bits. */
function taken({ width, height, data }: Light, random: Random, noise = 0.004): Luma {
  const pixels = new Uint8Array(data.length).map((_, at) => {
    const light = Math.max(0, data[at]!);
    const deviation = noise * Math.sqrt(light + 0.02);
    const gauss = 1.73 * (random() + random() + random() + random() - 2);
    return TO_PIXEL[Math.round(STEPS * Math.min(1, Math.max(0, light + deviation * gauss)))]!;
  });
  return { width, height, data: pixels };
}

interface Tap {
  x: number;
  y: number;
  weight: number;
}

function convolved({ width, height, data }: Light, taps: readonly Tap[]): Light {
  const reach = 1 + Math.max(...taps.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))));
  const framed = withFrame({ width, height, data }, reach);
  const total = taps.reduce((sum, { weight }) => sum + weight, 0);
  const blurred = new Float32Array(data.length);
  for (const { x, y, weight } of taps) {
    const share = weight / total;
    for (let row = 0; row < height; row++) {
      const from = (row + reach + y) * framed.width + reach + x;
      const to = row * width;
      for (let column = 0; column < width; column++) blurred[to + column]! += framed.data[from + column]! * share;
    }
  }
  return { width, height, data: blurred };
}

/** Its outermost pixels repeated outwards, so that a blur finds something beyond the edge. */
function withFrame({ width, height, data }: Light, reach: number): Light {
  const [wide, high] = [width + 2 * reach, height + 2 * reach];
  const framed = new Float32Array(wide * high);
  for (let row = 0; row < high; row++) {
    const from = Math.min(height - 1, Math.max(0, row - reach)) * width;
    for (let column = 0; column < wide; column++) {
      framed[row * wide + column] = data[from + Math.min(width - 1, Math.max(0, column - reach))]!;
    }
  }
  return { width: wide, height: high, data: framed };
}

/** A disc, its rim weighted by how much of each pixel it covers. */
function disc(radius: number): Tap[] {
  const taps: Tap[] = [];
  const reach = Math.ceil(radius);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const weight = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
      if (weight > 0) taps.push({ x, y, weight });
    }
  }
  return taps;
}

/** A straight way of the given length, each of its points spread over the four pixels around it. */
function way(length: number, angle: number): Tap[] {
  const taps = new Map<string, Tap>();
  const steps = Math.max(1, Math.ceil(length * 2));
  for (let step = 0; step <= steps; step++) {
    const far = (step / steps - 0.5) * length;
    const [left, top] = [Math.floor(far * Math.cos(angle)), Math.floor(far * Math.sin(angle))];
    for (const [x, y] of [[left, top], [left + 1, top], [left, top + 1], [left + 1, top + 1]] as const) {
      const weight = (1 - Math.abs(far * Math.cos(angle) - x)) * (1 - Math.abs(far * Math.sin(angle) - y));
      const tap = taps.get(`${x} ${y}`) ?? { x, y, weight: 0 };
      taps.set(`${x} ${y}`, { ...tap, weight: tap.weight + weight });
    }
  }
  return [...taps.values()];
}

export interface Photo extends Luma {
  /** The long side of the original, in pixels. */
  original: number;
}

const PHONE = 4032;
/** Strengths are given for a long side of 1024 pixels. */
const scaleOf = ({ width, height }: Luma): number => Math.max(width, height) / 1024;

/** The faults, and the good photos: as they are, or with so little of a fault that anybody would accept them. */
export const MAKE = {
  good(photo: Luma, random: Random): Photo {
    const scale = scaleOf(photo);
    const light = lit(photo);
    const kind = Math.floor(random() * 6);
    const made = [
      () => light,
      () => convolved(light, disc(between(random, 0.3, 0.7) * scale)),
      () => convolved(light, way(between(random, 0.5, 1.5) * scale, random() * Math.PI)),
      () => brighter(light, between(random, 0.5, 0.8)),
      () => brighter(light, between(random, 1.1, 1.25)),
      () => glaring(light, random, 0.001, 0.003),
    ][kind]!();
    return { ...taken(made, random), original: between(random, 1600, PHONE) };
  },
  blurred(photo: Luma, random: Random): Photo {
    const radius = between(random, 2.5, 8) * scaleOf(photo);
    return { ...taken(convolved(lit(photo), disc(radius)), random), original: PHONE };
  },
  shaken(photo: Luma, random: Random): Photo {
    const length = between(random, 8, 24) * scaleOf(photo);
    return { ...taken(convolved(lit(photo), way(length, random() * Math.PI)), random), original: PHONE };
  },
  too_dark(photo: Luma, random: Random): Photo {
    // So little light reaches the sensor that the noise of the electronics shows.
    return { ...taken(darkened(lit(photo), between(random, 0.006, 0.04)), random, 0.012), original: PHONE };
  },
  too_bright(photo: Luma, random: Random): Photo {
    return { ...taken(overexposed(lit(photo), random), random), original: PHONE };
  },
  glare(photo: Luma, random: Random): Photo {
    return { ...taken(glaring(lit(photo), random, 0.02, 0.09), random), original: PHONE };
  },
  too_small(photo: Luma, random: Random): Photo {
    return { ...taken(lit(photo), random), original: Math.round(between(random, 240, 800)) };
  },
} satisfies Record<string, (photo: Luma, random: Random) => Photo>;

function brighter(light: Light, times: number): Light {
  return { ...light, data: light.data.map((value) => value * times) };
}

/** What was the brightest twentieth of the scene becomes `peak`: the scene's own light does not help it. */
function darkened(light: Light, peak: number): Light {
  return brighter(light, peak / level(light, 0.95));
}

/** Everything from somewhere in the darker half of the scene on is white. */
function overexposed(light: Light, random: Random): Light {
  return brighter(light, 1 / level(light, between(random, 0.25, 0.5)));
}

function level({ data }: Light, share: number): number {
  const some = data.filter((_, at) => at % 37 === 0).sort();
  return Math.max(0.01, some[Math.floor(some.length * share)]!);
}

/** A lamp or the sun in the paint: an ellipse far above saturation, and a bloom around it, over the middle. */
function glaring(light: Light, random: Random, least: number, most: number): Light {
  const { width, height, data } = light;
  const area = between(random, least, most) * width * height;
  const flat = between(random, 0.35, 1);
  const wide = Math.sqrt(area / (Math.PI * flat));
  const [angle, x, y] = [
    random() * Math.PI,
    width * between(random, 0.4, 0.6),
    height * between(random, 0.4, 0.6),
  ];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const glare = data.map((value, at) => {
    const [dx, dy] = [(at % width) - x, Math.floor(at / width) - y];
    const far = Math.hypot((dx * cos + dy * sin) / wide, (dy * cos - dx * sin) / (wide * flat));
    // At the rim it is just saturated; beyond, it falls like the halo of a lens.
    return value + (far <= 1 ? 1 + 4 * (1 - far) : Math.exp(-4 * (far - 1)));
  });
  return { width, height, data: glare };
}
