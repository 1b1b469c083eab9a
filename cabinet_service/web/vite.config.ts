import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { inlineStyles } from "../../service_kit/web/build/inline-styles.ts";

export default defineConfig({
  plugins: [svelte(), inlineStyles()],
  resolve: { alias: { $kit: fileURLToPath(new URL("../../service_kit/web", import.meta.url)) } },
  build: {
    target: ["es2022", "safari16", "chrome107"],
    // The address of a chunk holds a digest of what is in it, so browsers may keep it for ever.
    assetsDir: "assets",
    // All styles are a few kilobytes, and stand in the page itself.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
  test: { include: ["src/**/*.test.ts", "../../service_kit/web/**/*.test.ts"], environment: "node" },
});
