/** What no filter of the browser does to a picture: light evened out place by place, and relief. Framework-free. */

/** Pixels of four bytes, as a canvas gives them. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export interface Wanted {
  even: boolean;
  relief: boolean;
}

/** Into how many places either side is parted. */
const PLACES = 8;
const LEVELS = 256;
/** How many times its fair share a level may count: more would bring out the grain of what is plain. */
const MOST = 3;
/** The steepest slopes but for this share are as bright as can be. */
const STEEPEST = 0.98;
/** How far the brightest slope lies from the grey of a plain, in levels. */
const BRIGHTEST = 110;
const PLAIN = 128;

/** The picture in another light; the one given is not changed. */
export function developed(picture: Pixels, { even, relief }: Wanted): Pixels {
  const lit = even ? evened(picture) : picture;
  return relief ? raised(lit) : lit;
}

/** Contrast as high everywhere as it can be (contrast-limited adaptive histogram equalization); colours keep their hue. */
export function evened({ width, height, data }: Pixels): Pixels {
  const levels = levelsOf({ width, height, data });
  const [across, down] = [Math.min(PLACES, width), Math.min(PLACES, height)];
  const curves = Array.from({ length: across * down }, (_, place) => {
    const [column, row] = [place % across, Math.floor(place / across)];
    const counts = new Float64Array(LEVELS);
    for (let y = Math.floor((row * height) / down); y < Math.floor(((row + 1) * height) / down); y++) {
      for (let x = Math.floor((column * width) / across); x < Math.floor(((column + 1) * width) / across); x++) {
        counts[levels[y * width + x]!]! += 1;
      }
    }
    return curve(counts);
  });
  const made = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const [upper, lower, below] = between(((y + 0.5) * down) / height - 0.5, down);
    for (let x = 0; x < width; x++) {
      const [left, right, beside] = between(((x + 0.5) * across) / width - 0.5, across);
      const [at, level] = [y * width + x, levels[y * width + x]!];
      const above = curves[upper * across + left]![level]! * (1 - beside) + curves[upper * across + right]![level]! * beside;
      const under = curves[lower * across + left]![level]! * (1 - beside) + curves[lower * across + right]![level]! * beside;
      const lighter = above * (1 - below) + under * below - level;
      for (let part = 0; part < 3; part++) made[4 * at + part] = data[4 * at + part]! + lighter;
      made[4 * at + 3] = data[4 * at + 3]!;
    }
  }
  return { width, height, data: made };
}

/** Slopes as grey, a plain in the middle: what rises towards the upper left is light. How strong the light was does not matter. */
export function raised({ width, height, data }: Pixels): Pixels {
  const levels = levelsOf({ width, height, data });
  const slopes = new Float32Array(width * height);
  const sizes = new Uint32Array(2 * LEVELS);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const upper = levels[at - width - 1]! + levels[at - width]! + levels[at - 1]!;
      const lower = levels[at + width + 1]! + levels[at + width]! + levels[at + 1]!;
      const slope = (lower - upper) / 3;
      slopes[at] = slope;
      sizes[Math.round(Math.abs(slope))]! += 1;
    }
  }
  let [steep, below] = [0, sizes[0]!];
  while (below < STEEPEST * Math.max(0, width - 2) * Math.max(0, height - 2)) below += sizes[++steep]!;
  const scale = BRIGHTEST / Math.max(1, steep);
  const made = new Uint8ClampedArray(data.length);
  for (let at = 0; at < slopes.length; at++) {
    made.fill(PLAIN + slopes[at]! * scale, 4 * at, 4 * at + 3);
    made[4 * at + 3] = data[4 * at + 3]!;
  }
  return { width, height, data: made };
}

/** How bright each pixel is (ITU-R BT.601). */
function levelsOf({ width, height, data }: Pixels): Uint8ClampedArray {
  const made = new Uint8ClampedArray(width * height);
  for (let at = 0; at < made.length; at++) {
    made[at] = 0.299 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!;
  }
  return made;
}

/** What becomes of each level where they are so many: never fewer above than below. */
function curve(counts: Float64Array): Float32Array {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, (MOST * all) / LEVELS);
  const over = counts.reduce((sum, count) => sum + Math.max(0, count - most), 0);
  const made = new Float32Array(LEVELS);
  let sum = 0;
  for (const [level, count] of counts.entries()) {
    const share = Math.min(count, most) + over / LEVELS;
    // Half of its own share below it: what is plain stays as bright as it was, about.
    made[level] = all ? ((sum + share / 2) / all) * (LEVELS - 1) : level;
    sum += share;
  }
  return made;
}

/** The two places that something lies between, and how far from the first. */
function between(at: number, count: number): [first: number, second: number, part: number] {
  const first = Math.floor(at);
  return [Math.max(0, first), Math.min(count - 1, first + 1), at - first];
}
