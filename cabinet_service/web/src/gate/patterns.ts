/** Pictures for tests: drawn by a function of the place, soft edges and all. */

import type { Luma } from "./luma";

/** A chequered pattern of round and straight strokes, turned: edges in every direction, as letters have. */
export function letters({ side = 640, stroke = 12, turn = 0, low = 60, high = 190, width = 0, height = 0 } = {}): Luma {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return drawn(width || side, height || side, (x, y) => {
    const [u, v] = [(x * cos + y * sin) / stroke, (y * cos - x * sin) / stroke];
    const [column, row] = [Math.floor(u / 4), Math.floor(v / 4)];
    const [across, down] = [u - column * 4 - 2, v - row * 4 - 2];
    const round = Math.abs(Math.hypot(across, down) - 1) - 0.5;
    const straight = Math.max(Math.abs(across), Math.abs(down)) - 1;
    const far = ((column + row) % 2 === 0 ? round : straight) * stroke;
    // Half a pixel on either side of an edge is in between: as sharp as a lens and a sensor draw it.
    return low + (high - low) * Math.min(1, Math.max(0, far + 0.5));
  });
}

export function drawn(width: number, height: number, at: (x: number, y: number) => number): Luma {
  const data = new Uint8Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel++) data[pixel] = Math.round(at(pixel % width, Math.floor(pixel / width)));
  return { width, height, data };
}

/** With the grain of a sensor: the same for the same place. */
export function grainy({ width, height, data }: Luma, strength = 3): Luma {
  return drawn(width, height, (x, y) => {
    const grain = Math.sin(x * 12.9898 + y * 78.233) * 43758.5453;
    return Math.min(255, Math.max(0, data[y * width + x]! + strength * (2 * (grain - Math.floor(grain)) - 1)));
  });
}

/** Lines of text on a page of one shade: thin strokes with soft edges, and more room below every fifth line. */
export function text({ width = 480, height = 1000, paper = 255, ink = 30 } = {}): Luma {
  return drawn(width, height, (x, y) => {
    const line = y % 24;
    const written = x > 30 && x < width - 40 && line > 4 && line < 14 && Math.floor(y / 24) % 5 < 4 && x % 37 < 31;
    if (!written) return paper;
    const far = Math.min(Math.abs((x % 7) - 3), Math.abs(line - 9));
    return far < 1 ? ink : far < 2 ? (ink + paper) / 2 : paper;
  });
}

/** A picture with another one laid upon it. */
export function laid(below: Luma, above: Luma, left: number, top: number): Luma {
  return drawn(below.width, below.height, (x, y) => {
    const inside = x >= left && y >= top && x < left + above.width && y < top + above.height;
    return inside ? above.data[(y - top) * above.width + x - left]! : below.data[y * below.width + x]!;
  });
}

/** Averaged along a way through each pixel. */
export function moved(luma: Luma, length: number, angle: number): Luma {
  const steps = Array.from({ length: 2 * length + 1 }, (_, step) => step / 2 - length / 2);
  return averaged(luma, steps.map((far) => [far * Math.cos(angle), far * Math.sin(angle)]));
}

/** Averaged over a disc around each pixel. */
export function defocused(luma: Luma, radius: number): Luma {
  const reach = Math.ceil(radius);
  const places: [number, number][] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) if (Math.hypot(x, y) <= radius) places.push([x, y]);
  }
  return averaged(luma, places);
}

function averaged({ width, height, data }: Luma, places: readonly (readonly number[])[]): Luma {
  return drawn(width, height, (x, y) => {
    let sum = 0;
    for (const [dx = 0, dy = 0] of places) {
      const column = Math.min(width - 1, Math.max(0, Math.round(x + dx)));
      const row = Math.min(height - 1, Math.max(0, Math.round(y + dy)));
      sum += data[row * width + column]!;
    }
    return sum / places.length;
  });
}

export function rgbaOf({ data }: Luma): Uint8ClampedArray {
  return new Uint8ClampedArray(data.length * 4).map((_, at) => (at % 4 === 3 ? 255 : data[at >> 2]!));
}
