/** The service worker, built after the app: one classic script at the root, so that it may show what is pushed. */

import { defineConfig } from "vite";
import { pack } from "../../service_kit/web/build/pack.ts";

const DIST = "dist";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: DIST,
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/sw.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
  },
  plugins: [{ name: "pack", closeBundle: () => pack(DIST) }],
});
