/**
 * An open app after a deploy: the parts of it that were not loaded yet are gone from the server. It is loaded anew,
 * once; where that does not help, or the network is what is missing, the screen says so.
 */

const KEPT_AS = "loaded-anew-for";

/** Load the page anew if the server has another version of the app than this one. Returns only if it does not. */
export async function renewed(): Promise<void> {
  const version = await served();
  if (version === undefined || version === running()) return;
  // The same version once: a page that goes on being the old one (a cache on the way) must not go round for ever.
  if (sessionStorage.getItem(KEPT_AS) === version) return;
  sessionStorage.setItem(KEPT_AS, version);
  location.reload();
  await new Promise(() => undefined);
}

/** The script that the page begins with: its name holds a digest of the whole app. */
function running(): string | undefined {
  return document.querySelector('script[type="module"][src]')?.getAttribute("src") ?? undefined;
}

async function served(): Promise<string | undefined> {
  try {
    const answer = await fetch("/index.html", { cache: "no-store" });
    return answer.ok ? entryOf(await answer.text()) : undefined;
  } catch {
    return undefined;
  }
}

export function entryOf(page: string): string | undefined {
  return /<script[^>]*type="module"[^>]*src="([^"]+)"/.exec(page)?.[1];
}
