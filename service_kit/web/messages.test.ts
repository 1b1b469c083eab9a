import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as icu from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "vitest";
import { read } from "./build/catalogue";
import { faults, unused } from "./build/faults";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const APPS = ["cabinet_service/web/src", "bpa_service/web/src"];
const KIT = "service_kit/web";

describe.each([
  ["cabinet_service/web/messages", "", APPS.slice(0, 1)],
  ["bpa_service/web/messages", "", APPS.slice(1)],
  ["service_kit/web/messages", "kit/", [KIT, ...APPS]],
])("%s", (folder, prefix, folders) => {
  const catalogue = read(join(CHECKOUT, folder));

  test("says everything in every language", () => {
    expect([...catalogue.texts.keys()]).toEqual(["ru", "en"]);
    expect(faults(icu, catalogue)).toEqual([]);
  });

  test("has no message that nobody asks for", () => {
    expect(unused(catalogue, prefix, folders.flatMap((one) => sources(join(CHECKOUT, one))))).toEqual([]);
  });
});

test("screens say nothing of their own", () => {
  const screens = [KIT, ...APPS].flatMap((one) => sources(join(CHECKOUT, one), /\.svelte$/));
  expect(screens.filter((text) => /[а-яё]/i.test(text))).toEqual([]);
});

function sources(folder: string, which = /\.(ts|svelte)$/): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path, which);
    return which.test(name) && !/\.test\.ts$/.test(name) ? [readFileSync(path, "utf8")] : [];
  });
}
