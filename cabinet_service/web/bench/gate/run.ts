/**
 * Reads a list of photos (JSON: `{name, tune, width, height, path}`, the pixels as raw RGB), spoils each in every
 * way, and writes one line of JSON for each verdict. `bench/gate.py` calls it with the names of both files.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { judgePixels } from "../../src/gate/verdict";
import { MAKE, seeded, type Photo } from "./degrade";
import { toLuma, type Luma } from "../../src/gate/luma";

interface Base {
  name: string;
  tune: boolean;
  shot: string;
  width: number;
  height: number;
  path: string;
}

const [asked = "", answered = ""] = process.argv.slice(2);
const bases = JSON.parse(readFileSync(asked, "utf8")) as Base[];
const lines: string[] = [];

for (const [number, base] of bases.entries()) {
  const scene = brightnessOf(base);
  for (const [place, [fault, spoil]] of Object.entries(MAKE).entries()) {
    const spoilt = spoil(scene, seeded(number * 2003 + place + 77));
    const rgba = grey(spoilt);
    const started = performance.now();
    const original = { width: spoilt.original, height: (spoilt.original * spoilt.height) / spoilt.width };
    const { quality, measures } = judgePixels({ rgba, width: spoilt.width, height: spoilt.height, original }, base.shot);
    const milliseconds = performance.now() - started;
    const { name: photo, tune, shot } = base;
    lines.push(JSON.stringify({ photo, tune, shot, fault, quality, measures, milliseconds }));
  }
}
writeFileSync(answered, lines.join("\n") + "\n");

function brightnessOf({ path, width, height }: Base): Luma {
  const rgb = readFileSync(path);
  const rgba = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let part = 0; part < 3; part++) rgba[pixel * 4 + part] = rgb[pixel * 3 + part]!;
  }
  return toLuma(rgba, width, height);
}

function grey({ data }: Photo): Uint8ClampedArray {
  return new Uint8ClampedArray(data.length * 4).map((_, at) => (at % 4 === 3 ? 255 : data[at >> 2]!));
}
