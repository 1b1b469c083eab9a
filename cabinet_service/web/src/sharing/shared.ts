/**
 * Photos that another app of the phone shared with this one. The service worker takes them, with or without a
 * network; they are kept until the person has said what is on them.
 */

const CACHE = "shared-photos";
const FIELD = "photos"; // as in manifest.webmanifest
const [NAME, TAKEN_AT] = ["X-Name", "X-Taken-At"];

export interface SharedPhoto {
  /** Under which it is kept. */
  key: string;
  file: File;
}

/** Keep the photos of a share. Raises QuotaExceededError if the phone is full. */
export async function keepShared(form: FormData): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const file of form.getAll(FIELD)) {
    if (!(file instanceof File)) continue;
    const headers = {
      "Content-Type": file.type,
      [NAME]: encodeURIComponent(file.name),
      [TAKEN_AT]: String(file.lastModified),
    };
    // Another share may come before this one was looked at: no key is used twice.
    await cache.put(`/shared/${Date.now()}-${Math.random()}`, new Response(file, { headers }));
  }
}

/** What was shared and not yet taken into a check, in the order in which it came. */
export async function sharedPhotos(): Promise<SharedPhoto[]> {
  const cache = await caches.open(CACHE);
  const found: SharedPhoto[] = [];
  for (const { url } of await cache.keys()) {
    const kept = await cache.match(url);
    if (!kept) continue;
    const { headers } = kept;
    const options = { type: headers.get("Content-Type") ?? "", lastModified: Number(headers.get(TAKEN_AT)) };
    const name = decodeURIComponent(headers.get(NAME) ?? "");
    found.push({ key: url, file: new File([await kept.blob()], name, options) });
  }
  return found;
}

/** The person has taken it into a check, or does not want it. */
export async function forgetShared(key: string): Promise<void> {
  await (await caches.open(CACHE)).delete(key);
}
