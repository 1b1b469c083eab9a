/** Where the nodes of a graph stand: cases in the middle, numbers and engines left of them, all else on the right. */

import type { Schemas } from "../../api/client";

export type Node = Schemas["NodeOut"];
export type Edge = Schemas["EdgeOut"];

export const WIDTH = 220;
export const HEIGHT = 40;
const GAP = 14;
const BETWEEN = 110;
const COLUMNS: Record<Node["kind"], number> = { number: 0, engine: 0, case: 1, plate: 2, advert: 2, photo: 2 };

export interface Placed {
  node: Node;
  x: number;
  y: number;
}

export interface Line {
  edge: Edge;
  /** As SVG draws it. */
  path: string;
}

export interface Drawing {
  nodes: readonly Placed[];
  lines: readonly Line[];
  width: number;
  height: number;
}

/** The same drawing each time. Cases keep their order; what hangs on them stands near them, so that few lines cross. */
export function drawn(nodes: readonly Node[], edges: readonly Edge[]): Drawing {
  const cases = nodes.filter((one) => one.kind === "case");
  const at = new Map(cases.map((one, place) => [one.id, place]));
  const middle = (id: string): number => {
    const places = edges.filter((one) => one.target === id).map((one) => at.get(one.source) ?? 0);
    return places.length ? places.reduce((sum, one) => sum + one, 0) / places.length : 0;
  };
  const columns = [0, 1, 2].map((column) => {
    const of = nodes.filter((one) => COLUMNS[one.kind] === column);
    return column === 1 ? of : of.map((node) => ({ node, by: middle(node.id) })).sort((one, other) => one.by - other.by).map(({ node }) => node);
  });
  const height = Math.max(...columns.map((of) => of.length), 1) * (HEIGHT + GAP) - GAP;
  const placed = columns.flatMap((of, column) => {
    const top = (height - (of.length * (HEIGHT + GAP) - GAP)) / 2;
    return of.map((node, place): Placed => ({ node, x: column * (WIDTH + BETWEEN), y: Math.max(0, top) + place * (HEIGHT + GAP) }));
  });
  const spots = new Map(placed.map((one) => [one.node.id, one]));
  return { nodes: placed, lines: edges.flatMap((edge) => line(edge, spots)), width: 3 * WIDTH + 2 * BETWEEN, height };
}

function line(edge: Edge, spots: ReadonlyMap<string, Placed>): Line[] {
  const [from, to] = [spots.get(edge.source), spots.get(edge.target)];
  if (!from || !to) return [];
  const [y1, y2] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2];
  if (from.x === to.x) {
    // Two cases: a bow beside them.
    const [x, out] = [from.x + WIDTH, from.x + WIDTH + BETWEEN / 2];
    return [{ edge, path: `M${x} ${y1}C${out} ${y1} ${out} ${y2} ${x} ${y2}` }];
  }
  const [x1, x2] = from.x < to.x ? [from.x + WIDTH, to.x] : [from.x, to.x + WIDTH];
  const half = (x1 + x2) / 2;
  return [{ edge, path: `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}` }];
}
