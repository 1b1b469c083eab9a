/** The grid that a person lays over a number: four corners, and cuts between the characters. Framework-free. */

export interface Point {
  x: number;
  y: number;
}

export type Corners = readonly [upperLeft: Point, upperRight: Point, lowerRight: Point, lowerLeft: Point];

export interface Grid {
  /** In whatever the picture is measured in. */
  corners: Corners;
  /** Where characters are parted, from 0 at the left to 1 at the right side: one more than there are characters. */
  cuts: readonly number[];
}

export const COUNTS = { least: 2, most: 30 } as const;
/** A cell is never narrower than this share of what cells are wide in the mean. */
const NARROWEST = 0.25;

/** Cells of one width in an upright box. */
export function evenGrid({ x, y, width, height }: { x: number; y: number; width: number; height: number }, count: number): Grid {
  const corners: Corners = [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
  return { corners, cuts: evenCuts(count) };
}

/** The same corners around another number of characters. */
export function counted(grid: Grid, count: number): Grid {
  return grid.cuts.length === count + 1 ? grid : { ...grid, cuts: evenCuts(count) };
}

function evenCuts(count: number): number[] {
  const whole = Math.min(COUNTS.most, Math.max(COUNTS.least, Math.round(count)));
  return Array.from({ length: whole + 1 }, (_, at) => at / whole);
}

/** With a corner moved; as it was where the four would not be the corners of anything any more. */
export function cornerMoved(grid: Grid, which: number, by: Point): Grid {
  const corners = grid.corners.map((one, at) => (at === which ? { x: one.x + by.x, y: one.y + by.y } : one)) as unknown as Corners;
  return isConvex(corners) ? { ...grid, corners } : grid;
}

/** With a cut moved, as far as its neighbours let it; the outermost ones are the sides. */
export function cutMoved(grid: Grid, which: number, by: number): Grid {
  const [before, here, after] = [grid.cuts[which - 1], grid.cuts[which], grid.cuts[which + 1]];
  if (before === undefined || here === undefined || after === undefined) return grid;
  const room = NARROWEST / (grid.cuts.length - 1);
  const moved = Math.min(Math.max(here + by, before + room), Math.max(after - room, before + room));
  return { ...grid, cuts: grid.cuts.map((cut, at) => (at === which ? moved : cut)) };
}

/** Clockwise, and bent the same way at each corner. */
export function isConvex(corners: Corners): boolean {
  return corners.every((here, at) => {
    const [next, after] = [corners[(at + 1) % 4]!, corners[(at + 2) % 4]!];
    return (next.x - here.x) * (after.y - next.y) - (next.y - here.y) * (after.x - next.x) > 0;
  });
}

/**
 * Where in the picture a point of the grid lies, which goes from 0 to 1 to the right and downwards: as a flat thing is
 * seen aslant. Beyond 0 and 1 it goes on.
 */
export function placing([a, b, c, d]: Corners): (along: number, down: number) => Point {
  // The projective map of the unit square (Heckbert, 1989).
  const [sx, sy] = [a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y];
  const [x1, y1, x2, y2] = [b.x - c.x, b.y - c.y, d.x - c.x, d.y - c.y];
  const area = x1 * y2 - x2 * y1;
  const [g, h] = [(sx * y2 - x2 * sy) / area, (x1 * sy - sx * y1) / area];
  return (along, down) => {
    const far = g * along + h * down + 1;
    return {
      x: ((b.x - a.x + g * b.x) * along + (d.x - a.x + h * d.x) * down + a.x) / far,
      y: ((b.y - a.y + g * b.y) * along + (d.y - a.y + h * d.y) * down + a.y) / far,
    };
  };
}

/** How far along the grid a point of the picture lies, as far as it goes: what `placing` takes, on its middle line. */
export function alongOf(corners: Corners, { x, y }: Point): number {
  const at = placing(corners);
  let [low, high] = [0, 1];
  const [from, to] = [at(0, 0.5), at(1, 0.5)];
  const along = (point: Point): number => (point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y);
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (along(at(middle, 0.5)) < along({ x, y })) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How wide and how high it is in the picture, in the mean. */
export function sizeOf([a, b, c, d]: Corners): { width: number; height: number } {
  const between = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
  return { width: (between(a, b) + between(d, c)) / 2, height: (between(a, d) + between(b, c)) / 2 };
}

/** The grid in a picture that is measured otherwise. */
export function scaled(grid: Grid, across: number, down: number): Grid {
  return { ...grid, corners: grid.corners.map(({ x, y }) => ({ x: x * across, y: y * down })) as unknown as Corners };
}

/** How exactly a hand lays a corner, along the row and across it, in heights of the row. */
const HAND = { along: 0.04, across: 0.05 };
/** Eight ways to move eight numbers, of which no two have anything in common. */
const WAYS = Array.from({ length: 8 }, (_, way) => Array.from({ length: 8 }, (_, which) => (bits(way & which) % 2 ? -1 : 1)));

/** The grid as it was laid, and as eight other hands might have laid it. */
export function aboutIt(grid: Grid): Grid[] {
  const [a, b, , d] = grid.corners;
  const { width, height } = sizeOf(grid.corners);
  const [right, below] = [
    { x: (b.x - a.x) / width, y: (b.y - a.y) / width },
    { x: (d.x - a.x) / height, y: (d.y - a.y) / height },
  ];
  const others = WAYS.map((way) => ({
    ...grid,
    corners: grid.corners.map(({ x, y }, at) => {
      const [along, across] = [way[2 * at]! * HAND.along * height, way[2 * at + 1]! * HAND.across * height];
      return { x: x + along * right.x + across * below.x, y: y + along * right.y + across * below.y };
    }) as unknown as Corners,
  }));
  return [grid, ...others];
}

function bits(number: number): number {
  return number ? (number & 1) + bits(number >> 1) : 0;
}
