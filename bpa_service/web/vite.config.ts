import { fileURLToPath } from "node:url";
import * as icu from "@formatjs/icu-messageformat-parser";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { copied } from "../../service_kit/web/build/copied.ts";
import { inlineStyles } from "../../service_kit/web/build/inline-styles.ts";
import { messages } from "../../service_kit/web/build/messages.ts";
import { ofTheService } from "../../service_kit/web/build/of-the-service.ts";

export default defineConfig({
  plugins: [svelte(), messages(icu, import.meta.dirname), inlineStyles(), copied()],
  resolve: {
    alias: {
      $kit: fileURLToPath(new URL("../../service_kit/web", import.meta.url)),
      $icons: fileURLToPath(new URL("src/ui/icons.ts", import.meta.url)),
    },
    // The kit has no node_modules of its own: what it needs is the app's.
    dedupe: ["@formatjs/icu-messageformat-parser", "@simplewebauthn/browser"],
  },
  build: {
    // Desks are browsers of today.
    target: "es2022",
    assetsDir: "assets",
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // Whose work is in it, with their licences, as these ask.
    license: { fileName: "licences.md" },
  },
  server: { proxy: ofTheService() },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 60_000 }, // beside browsers, on two cores
});
