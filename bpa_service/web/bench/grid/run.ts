/**
 * Reads a box around a number (JSON: `{path, width, height, box, text}`, the pixels as raw grey), lays a grid into it as
 * the desk proposes it and has three hands lay it: as it is, with room, and askew. Writes the figures under each as JSON.
 * `bench/grid.py` calls it with the names of both files.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { cornerMoved, sizeOf, type Grid } from "../../src/features/compare/grid";
import { proposed } from "../../src/features/compare/propose";
import type { Box } from "../../src/features/compare/row";
import { figuresOf } from "../../src/features/compare/values";

interface Asked {
  path: string;
  width: number;
  height: number;
  box: Box;
  text: string;
}

const [asked = "", answered = ""] = process.argv.slice(2);
const { path, width, height, box, text } = JSON.parse(readFileSync(asked, "utf8")) as Asked;
const picture = { width, height, data: Float32Array.from(readFileSync(path)) };
const grid = proposed(picture, box, text);
const tall = sizeOf(grid.corners).height;

/** The corners moved, each by so much in heights, clockwise from the upper left. */
function moved(ways: readonly (readonly [across: number, down: number])[]): Grid {
  return ways.reduce((now, [across, down], at) => cornerMoved(now, at, { x: across * tall, y: down * tall }), grid);
}

const hands = [
  grid,
  moved([[-0.05, -0.05], [0.05, -0.05], [0.05, 0.05], [-0.05, 0.05]]),
  moved([[0.03, 0.04], [-0.02, -0.03], [0.04, 0.02], [-0.03, 0.03]]),
];
writeFileSync(answered, JSON.stringify({ grid, figures: hands.map((hand) => figuresOf(picture, hand, text)) }));
