import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Adds the licence of what is copied, rather than taken as a package, to those that are served with the app. */
export function copied(): Plugin {
  return {
    name: "copied",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const licences = bundle["licences.md"];
        if (licences?.type !== "asset") return this.error("There are no licences to add to.");
        const lucide = readFileSync(new URL("../ui/lucide-licence.txt", import.meta.url), "utf8").trim();
        licences.source = `${String(licences.source).trim()}\n\n## lucide (icons)\n\n${lucide}\n`;
      },
    },
  };
}
