/**
 * Reads a list of strips (JSON: `{name, text, width, height, path}`, the pixels as raw grey), measures each with the
 * typeface in the third file, if one is named, and writes one line of JSON for each. `bench/glyphs.py` calls it.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { measureStrip } from "../../src/features/compare/glyphs";
import { typefaceOf, type KeptTypeface } from "../../src/features/compare/typeface";

interface Asked {
  name: string;
  /** What the case claims is written there; null leaves it unsaid. */
  text: string | null;
  width: number;
  height: number;
  path: string;
}

const [asked = "", answered = "", learned = ""] = process.argv.slice(2);
const typeface = learned && typefaceOf(JSON.parse(readFileSync(learned, "utf8")) as KeptTypeface);
const strips = JSON.parse(readFileSync(asked, "utf8")) as Asked[];
const lines = strips.map(({ name, text, width, height, path }) => {
  const data = new Uint8ClampedArray(readFileSync(path));
  const started = performance.now();
  const strip = measureStrip(
    { width, height, data },
    { expected: 17, ...(text === null ? {} : { text }), ...(typeface ? { typeface } : {}) },
  );
  const milliseconds = performance.now() - started;
  return JSON.stringify({ name, ...strip, milliseconds });
});
writeFileSync(answered, lines.join("\n") + "\n");
