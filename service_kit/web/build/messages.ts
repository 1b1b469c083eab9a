/**
 * Messages for the app: `import t from "$messages/home/Home"` gives what the section says, in the language that is
 * spoken now (`t().title`). The kit's own are `$messages/kit/…`. What is compiled in is plain code, read by nothing.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { compile, declare, read, type Icu } from "./catalogue.ts";
import { faults } from "./faults.ts";

const PREFIX = "$messages/";
const OF_THE_KIT = "kit/";
const KIT = fileURLToPath(new URL("../messages", import.meta.url));

/** Also writes `src/messages.d.ts`, by which the type checker knows every message; refuses catalogues with faults. */
export function messages(icu: Icu, app: string): Plugin {
  const own = join(app, "messages");

  return {
    name: "messages",
    configResolved() {
      const [kits, apps] = [read(KIT), read(own)];
      const wrong = [...faults(icu, kits), ...faults(icu, apps)];
      if (wrong.length) throw new Error(`The messages have faults:\n${wrong.join("\n")}`);
      const types = `${declare(icu, kits, PREFIX + OF_THE_KIT)}\n${declare(icu, apps, PREFIX)}`;
      const path = join(app, "src/messages.d.ts");
      if (!existsSync(path) || readFileSync(path, "utf8") !== types) writeFileSync(path, types);
    },
    resolveId(id) {
      return id.startsWith(PREFIX) ? `\0${id}` : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const name = id.slice(PREFIX.length + 1);
      const kit = name.startsWith(OF_THE_KIT);
      const catalogue = read(kit ? KIT : own);
      for (const language of catalogue.texts.keys()) this.addWatchFile(join(kit ? KIT : own, `${language}.arb`));
      return compile(icu, catalogue, kit ? name.slice(OF_THE_KIT.length) : name);
    },
  };
}
