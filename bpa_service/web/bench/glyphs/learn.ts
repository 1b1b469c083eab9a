/** Learns a typeface from a list of genuine strips (JSON, as `run.ts` reads it) and writes it as the desk keeps it. */

import { readFileSync, writeFileSync } from "node:fs";
import { learnTypeface } from "../../src/features/compare/learn";
import { rowIn } from "../../src/features/compare/row";
import { kept } from "../../src/features/compare/typeface";

interface Asked {
  text: string;
  width: number;
  height: number;
  path: string;
}

const [asked = "", answered = "", name = ""] = process.argv.slice(2);
const strips = (JSON.parse(readFileSync(asked, "utf8")) as Asked[]).map(({ text, width, height, path }) => {
  const picture = { width, height, data: new Uint8ClampedArray(readFileSync(path)) };
  return { picture, row: rowIn(picture, undefined, text.length, text), text };
});
const found = strips.filter(({ row, text }) => row.bounds.length === text.length);
const typeface = learnTypeface(name, found, (fit) => console.log(`${found.length} strips explained to ${fit.toFixed(3)}`));
writeFileSync(answered, JSON.stringify(kept(typeface)) + "\n");
