/** How a verdict and a finding are shown: each with an icon of its own shape, so that the colour only helps. */

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
