/** How a tone looks: an icon of its own shape and a class, so that the colour only helps. */

import type { IconName } from "../ui/Icon.svelte";
import type { Tone } from "./presented";

export const ICONS: Record<Tone, IconName | undefined> = {
  good: "circle-check",
  warn: "triangle-alert",
  bad: "octagon-x",
  info: "info",
  plain: undefined,
};

export const KINDS = { good: "ok", warn: "warn", bad: "bad", info: "info", plain: "mute" } as const;
