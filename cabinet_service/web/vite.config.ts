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
    target: ["es2022", "safari16", "chrome107"],
    // The address of a chunk holds a digest of what is in it, so browsers may keep it for ever.
    assetsDir: "assets",
    // All styles are a few kilobytes, and stand in the page itself.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // Whose work is in it, with their licences, as these ask.
    license: { fileName: "licences.md" },
  },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          // Svelte does not say of its modules that importing them does nothing: what no page uses would stay, and what only
          // later pages use would be loaded first.
          treeshake: { moduleSideEffects: (id) => !/\/svelte\/src\/(?!internal\/(flags\/|disclose-version))/.test(id) },
          output: {
            codeSplitting: {
              groups: [
                // One file for the first screen, and one for what pages after it have in common: many small ones are
                // packed worse, each has to be named in the first, and the app works offline a round trip later.
                { name: "first", tags: ["$initial"], priority: 2 },
                { name: "common", minShareCount: 3, priority: 1 },
              ],
            },
          },
        },
      },
    },
  },
  server: { proxy: ofTheService() },
  test: { include: ["src/**/*.test.ts", "../../service_kit/web/**/*.test.ts"], environment: "node", testTimeout: 60_000 }, // beside browsers, on two cores
});
