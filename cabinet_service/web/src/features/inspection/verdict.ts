/** How a verdict and a finding are shown: each with an icon of its own shape, so that the colour only helps. */

import type { Decision, Inspection, Schemas } from "../../api/client";
import type { Entry } from "./watched.svelte";

export const TONES = { clean: "ok", doubts: "warn", forgery_signs: "bad", insufficient_data: "info" } as const;
export const ICONS = {
  clean: "circle-check",
  doubts: "triangle-alert",
  forgery_signs: "octagon-x",
  insufficient_data: "circle-question-mark",
} as const;
export const SEVERITY_TONES = { contradiction: "bad", anomaly: "warn", unusual: "", confirmed: "ok" } as const;
export const SEVERITY_ICONS = {
  contradiction: "circle-alert",
  anomaly: "triangle-alert",
  unusual: "info",
  confirmed: "check",
} as const;

/** Where new photos are looked at: with an objection once there is an answer, with the check while it goes on; or nowhere. */
export function forNewPhotos(acts: Inspection["acts"]): "objection" | "check" | undefined {
  if (acts.includes("dispute")) return "objection";
  return acts.includes("add_photo") ? "check" : undefined;
}

export interface Amended {
  at: Date;
  /** What the answer was before; nothing where the verdict stayed, and something else was changed. */
  was: Schemas["Verdict"] | undefined;
}

/** That this answer took the place of an earlier one, and of which. A first word is no answer yet. */
export function amended(decision: Decision, entries: readonly Entry[]): Amended | undefined {
  const told = entries.filter(({ data }) => typeof data.version === "number" && data.version <= decision.version);
  const kind = (version: number): Entry | undefined => told.find(({ data }) => data.version === version);
  if (kind(decision.version)?.kind !== "decision_amended") return undefined;
  const before = kind(decision.version - 1)?.data.verdict as Schemas["Verdict"] | undefined;
  return { at: new Date(decision.decided_at), was: before === decision.verdict ? undefined : before };
}
