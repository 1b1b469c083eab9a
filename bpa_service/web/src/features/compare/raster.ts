/** Pictures of one channel, and the few operations on them that measuring characters needs. Framework-free. */

/** Grey levels by row, 0 the darkest. What the largest is does not matter. */
export interface Picture {
  width: number;
  height: number;
  data: ArrayLike<number>;
}

export interface Raster {
  width: number;
  height: number;
  data: Float32Array;
}

/** How fast the grey changes at each pixel, to the right and downwards, in levels for each pixel. */
export interface Slopes {
  right: Raster;
  down: Raster;
  /** The length of both together: high along the sides of strokes, however they are lit. */
  steepness: Raster;
}

export function raster(width: number, height: number): Raster {
  return { width, height, data: new Float32Array(width * height) };
}

/** Gaussian blur; sigmas in pixels, 0 for none that way. Beyond its edge the picture goes on as it ends. */
export function blurred({ width, height, data }: Picture, across: number, down = across): Raster {
  const made = raster(width, height);
  const one = kernel(across);
  const reach = (one.length - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 0;
      for (let at = -reach; at <= reach; at++) {
        value += one[at + reach]! * data[y * width + Math.min(width - 1, Math.max(0, x + at))]!;
      }
      made.data[y * width + x] = value;
    }
  }
  const both = raster(width, height);
  const other = kernel(down);
  const far = (other.length - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (let at = -far; at <= far; at++) {
      const row = Math.min(height - 1, Math.max(0, y + at)) * width;
      const weight = other[at + far]!;
      for (let x = 0; x < width; x++) both.data[y * width + x]! += weight * made.data[row + x]!;
    }
  }
  return both;
}

function kernel(sigma: number): number[] {
  if (sigma <= 0) return [1];
  const reach = Math.max(1, Math.ceil(sigma * 2.5));
  const weights = Array.from({ length: reach * 2 + 1 }, (_, at) => Math.exp(-(((at - reach) / sigma) ** 2) / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The slopes of a picture; none at its outermost pixels. */
export function slopes({ width, height, data }: Raster): Slopes {
  const [right, down, steepness] = [raster(width, height), raster(width, height), raster(width, height)];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const dx = (data[at + 1]! - data[at - 1]!) / 2;
      const dy = (data[at + width]! - data[at - width]!) / 2;
      right.data[at] = dx;
      down.data[at] = dy;
      steepness.data[at] = Math.hypot(dx, dy);
    }
  }
  return { right, down, steepness };
}

/** A turned frame around the middle of a picture, in which a row that rose by `angle` radians lies level. */
export class Frame {
  readonly width: number;
  readonly height: number;
  private readonly cosine: number;
  private readonly sine: number;

  constructor(
    private readonly of: { width: number; height: number },
    readonly angle: number,
  ) {
    this.cosine = Math.cos(angle);
    this.sine = Math.sin(angle);
    this.width = Math.ceil(of.width * Math.abs(this.cosine) + of.height * Math.abs(this.sine));
    this.height = Math.ceil(of.width * Math.abs(this.sine) + of.height * Math.abs(this.cosine));
  }

  /** Where a point of the picture lies in the frame. */
  into(x: number, y: number): [number, number] {
    const [dx, dy] = [x - (this.of.width - 1) / 2, y - (this.of.height - 1) / 2];
    return [
      dx * this.cosine + dy * this.sine + (this.width - 1) / 2,
      dy * this.cosine - dx * this.sine + (this.height - 1) / 2,
    ];
  }

  /** Where a point of the frame lies in the picture. */
  back(x: number, y: number): [number, number] {
    const [dx, dy] = [x - (this.width - 1) / 2, y - (this.height - 1) / 2];
    return [
      dx * this.cosine - dy * this.sine + (this.of.width - 1) / 2,
      dy * this.cosine + dx * this.sine + (this.of.height - 1) / 2,
    ];
  }

  /** The picture as it lies in the frame, with nothing where there is no picture. */
  turned(picture: Raster): Raster {
    const made = raster(this.width, this.height);
    const { width, height, data } = picture;
    for (let row = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++) {
        const [x, y] = this.back(column, row);
        const [left, top] = [Math.floor(x), Math.floor(y)];
        if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
        const [across, below] = [x - left, y - top];
        const at = top * width + left;
        const upper = data[at]! * (1 - across) + data[at + 1]! * across;
        const lower = data[at + width]! * (1 - across) + data[at + width + 1]! * across;
        made.data[row * this.width + column] = upper * (1 - below) + lower * below;
      }
    }
    return made;
  }
}

/** The value below which the share `part` (0 to 1) of the values lies; 0 of none. */
export function quantile(values: ArrayLike<number>, part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

export function median(values: ArrayLike<number>): number {
  return (quantile(values, 0.5) + quantile(values, 0.4999999)) / 2;
}
