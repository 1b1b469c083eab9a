/** Photos in small whose link was made before they were: not shown broken, and asked for again for a while. */

const FIRST_WAIT = 3_000;
const MOST_TRIES = 6;

export function notYet({ currentTarget: image }: Event & { currentTarget: EventTarget & Element }): void {
  if (!(image instanceof HTMLImageElement)) return;
  const { src } = image;
  const tries = image.dataset.of === src ? Number(image.dataset.tries) : 0;
  image.style.visibility = "hidden";
  if (tries >= MOST_TRIES) return;
  Object.assign(image.dataset, { of: src, tries: String(tries + 1) });
  setTimeout(() => {
    // The element may show another case by now.
    if (image.isConnected && image.src === src) image.src = src;
  }, FIRST_WAIT * 2 ** tries);
}

export function here({ currentTarget: image }: Event & { currentTarget: EventTarget & Element }): void {
  if (image instanceof HTMLElement) image.style.visibility = "";
}
