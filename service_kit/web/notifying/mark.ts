/** How much news there is, before the title of the page, and on the icon of the app where there is one. */

const MARKED = /^\(\d+\) /;
let count = 0;
let observer: MutationObserver | undefined;

export function mark(news: number): void {
  count = news;
  // Each screen has a title of its own, and none of them has to know of this.
  observer ??= watching();
  put();
  if (!("setAppBadge" in navigator)) return;
  void (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
}

function watching(): MutationObserver {
  const made = new MutationObserver(put);
  made.observe(document.head, { childList: true, subtree: true, characterData: true });
  return made;
}

function put(): void {
  const bare = document.title.replace(MARKED, "");
  const wanted = count ? `(${count}) ${bare}` : bare;
  if (document.title !== wanted) document.title = wanted;
}
