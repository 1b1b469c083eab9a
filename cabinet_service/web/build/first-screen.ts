/**
 * Puts Home into the built page, as a stranger sees it in Russian: it is read before any script has come. The
 * script in `index.html` hides it at other addresses and in the other language, and the app takes its place.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { render } from "svelte/server";

const PAGE = "dist/index.html";
const EMPTY = '<div id="app"></div>';

// What the modules of the app ask the browser for while they are loaded.
const browser = {
  location: new URL("https://example.com/"),
  navigator: { onLine: true, language: "ru" },
  document: { addEventListener: () => undefined, documentElement: {} },
  addEventListener: () => undefined,
  BroadcastChannel: undefined,
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, writable: true });

const { default: App } = await import("../src/App.svelte");
const page = readFileSync(PAGE, "utf8");
if (!page.includes(EMPTY)) throw new Error(`${PAGE} has no ${EMPTY}`);
writeFileSync(PAGE, page.replace(EMPTY, () => `<div id="app">${render(App).body}</div>`));
