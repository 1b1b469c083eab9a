/** A picture as brightness alone: all that the rules look at. */
export interface Luma {
  width: number;
  height: number;
  /** 0 to 255, row by row. */
  data: Uint8Array;
}

/** The brightness (Rec. 601) of pixels as a canvas gives them. */
export function toLuma(rgba: Uint8ClampedArray | Uint8Array, width: number, height: number): Luma {
  const data = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < data.length; pixel++, at += 4) {
    data[pixel] = (77 * rgba[at]! + 150 * rgba[at + 1]! + 29 * rgba[at + 2]! + 128) >> 8;
  }
  return { width, height, data };
}

/** The same without the noise of single pixels, which would pass for detail: 1-2-1 in both directions. */
export function smoothed({ width, height, data }: Luma): Int16Array {
  const across = new Int16Array(data.length);
  const both = new Int16Array(data.length);
  for (let row = 0; row < height; row++) {
    const first = row * width;
    const last = first + width - 1;
    for (let at = first + 1; at < last; at++) across[at] = data[at - 1]! + 2 * data[at]! + data[at + 1]!;
    across[first] = 4 * data[first]!;
    across[last] = 4 * data[last]!;
  }
  // Four times the brightness remains: rounding it away would be noise again.
  const end = data.length - width;
  for (let at = 0; at < width; at++) {
    both[at] = across[at]!;
    both[end + at] = across[end + at]!;
  }
  for (let at = width; at < end; at++) {
    both[at] = (across[at - width]! + 2 * across[at]! + across[at + width]! + 2) >> 2;
  }
  return both;
}
