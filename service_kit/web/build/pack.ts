/** Leaves a `.br` and a `.gz` beside every file of `dist` that they make smaller. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const TEXT = /\.(html|js|css|svg|webmanifest|json)$/;

export function pack(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) pack(path);
    else if (TEXT.test(name)) {
      const content = readFileSync(path);
      for (const [suffix, packed] of [
        [".br", brotliCompressSync(content)],
        [".gz", gzipSync(content, { level: 9 })],
      ] as const) {
        if (packed.length < content.length) writeFileSync(path + suffix, packed);
      }
    }
  }
}
