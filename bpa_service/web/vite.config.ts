import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { inlineStyles } from "../../service_kit/web/build/inline-styles.ts";
import { pack } from "../../service_kit/web/build/pack.ts";

/** What the bench runs in node is built, too, and is not for browsers. */
function isOfTheApp(_config: unknown, { command, isSsrBuild }: { command: string; isSsrBuild?: boolean }): boolean {
  return command === "build" && !isSsrBuild;
}

export default defineConfig({
  plugins: [svelte(), inlineStyles(), { name: "pack", apply: isOfTheApp, closeBundle: () => pack("dist") }],
  resolve: { alias: { $kit: fileURLToPath(new URL("../../service_kit/web", import.meta.url)) } },
  build: {
    // Desks are browsers of today.
    target: "es2022",
    assetsDir: "assets",
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8002" } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
