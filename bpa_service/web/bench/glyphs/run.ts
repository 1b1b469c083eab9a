/**
 * Reads a list of strips (JSON: `{name, text, width, height, path}`, the pixels as raw grey), measures each, and writes
 * one line of JSON for each. `bench/glyphs.py` calls it with the names of both files.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { measureStrip } from "../../src/features/compare/glyphs";

interface Asked {
  name: string;
  /** What the case claims is written there; null leaves it unsaid. */
  text: string | null;
  width: number;
  height: number;
  path: string;
}

const [asked = "", answered = ""] = process.argv.slice(2);
const strips = JSON.parse(readFileSync(asked, "utf8")) as Asked[];
const lines = strips.map(({ name, text, width, height, path }) => {
  const data = new Uint8ClampedArray(readFileSync(path));
  const started = performance.now();
  const { angle, glyphs } = measureStrip({ width, height, data }, { expected: 17, ...(text === null ? {} : { text }) });
  const milliseconds = performance.now() - started;
  return JSON.stringify({ name, angle, glyphs, milliseconds });
});
writeFileSync(answered, lines.join("\n") + "\n");
