import { tick } from "svelte";

/**
 * Have the focus stay in `place` where what was pressed there is gone with what came of it: the first of `selectors`
 * that there is gets it, once the page shows that. Whoever is somewhere else by then is left there.
 */
export async function keepFocus(place: HTMLElement | undefined, ...selectors: readonly string[]): Promise<void> {
  await tick();
  if (!place || !isLost()) return;
  for (const selector of selectors) {
    const found = place.querySelector<HTMLElement>(selector);
    if (found) return found.focus();
  }
}

/**
 * Call before lines change, where one of them may go with the focus in it: the line after it has the focus then, or
 * the one before.
 */
export async function keepFocusBeside(lines: HTMLElement | undefined): Promise<void> {
  const all = [...(lines?.children ?? [])];
  const at = all.findIndex((line) => line.contains(document.activeElement));
  if (at < 0) return;
  await tick();
  if (all[at]?.isConnected || !isLost()) return;
  const beside = [...all.slice(at + 1), ...all.slice(0, at).reverse()].filter((line) => line.isConnected);
  for (const line of beside) {
    const button = line.querySelector<HTMLElement>(".acts button");
    if (button) return button.focus();
  }
}

const isLost = (): boolean => !document.activeElement || document.activeElement === document.body;
