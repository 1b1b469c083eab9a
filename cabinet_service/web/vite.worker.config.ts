/**
 * The service worker, built after the app: what it keeps for offline use is the list of files that were built.
 * One classic script, because module workers are younger than the phones that this has to work on.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { defineConfig } from "vite";
import { pack } from "../../service_kit/web/build/pack.ts";

const DIST = "dist";

/** Parts that show what only a server can say: they are of no use without one. */
const OF_A_SERVER = [
  "AddContact",
  "Again",
  "BoardScreen",
  "BulkScreen",
  "companies",
  "CompaniesScreen",
  "CompanyScreen",
  "Developer",
  "GiveScreen",
  "HistorySharesScreen",
  "InspectionSearch",
  "instants",
  "JoinScreen",
  "JobScreen",
  "KnownCar",
  "MyData",
  "qr",
  "remarks",
  "RemoveContact",
  "RequestsScreen",
  "SendLink",
  "SharedScreen",
  "Shares",
  "SharesScreen",
  "Tick",
  "VerifyScreen",
  "WatchCar",
  "watches",
  "WatchesScreen",
  "WebhooksScreen",
  "whose",
  "wide",
];

/** What whoever walks to the car needs first: files come one after the other, and the network may go. */
const FIRST = ["/index.html", "/assets/index-", "/assets/common-", "/assets/check-screens-", "/assets/CameraScreen-", "/assets/worker-", "/assets/sign-in-screens-"];

function place({ url }: { url: string }): number {
  const found = FIRST.findIndex((start) => url.startsWith(start));
  return found < 0 ? FIRST.length : found;
}

function built(folder: string): { url: string; revision: string | null }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return built(path);
    const url = `/${relative(DIST, path)}`;
    if (/\.(map|br|gz|md)$|^\/(sw\.js|\.)|\.png$/.test(url)) return [];
    if (OF_A_SERVER.some((name) => url.startsWith(`/assets/${name}-`))) return [];
    // A name with a digest says by itself when the content is another one.
    const revision = url.startsWith("/assets/") ? null : createHash("sha256").update(readFileSync(path)).digest("hex");
    return [{ url, revision }];
  });
}

export default defineConfig({
  publicDir: false,
  define: { __PRECACHE__: JSON.stringify(built(DIST).sort((one, other) => place(one) - place(other))), "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: DIST,
    emptyOutDir: false,
    license: { fileName: "licences-of-the-worker.md" },
    target: ["es2022", "safari16", "chrome107"],
    lib: { entry: "src/sw.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
  },
  plugins: [{ name: "pack", closeBundle: () => pack(DIST) }],
});
