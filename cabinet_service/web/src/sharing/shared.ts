/**
 * Photos that another app of the phone shared with this one. The service worker takes them, with or without a
 * network; they are kept until the person has said what is on them. They belong to whoever was signed in when they
 * came: the app says who that is, because a service worker cannot know.
 */

const CACHE = "shared-photos";
const FIELD = "photos"; // as in manifest.webmanifest
const [NAME, TAKEN_AT, OWNER] = ["X-Name", "X-Taken-At", "X-Owner"];
const WHOSE = "/shared/whose";

export interface SharedPhoto {
  /** Under which it is kept. */
  key: string;
  file: File;
}

/** What is shared from now on belongs to `owner`. */
export async function shareFor(owner: string): Promise<void> {
  if (typeof caches === "undefined") return; // nothing can be shared with a page that is not served securely
  await (await caches.open(CACHE)).put(WHOSE, new Response(owner));
}

/** Keep the photos of a share. Raises QuotaExceededError if the phone is full. */
export async function keepShared(form: FormData): Promise<void> {
  const cache = await caches.open(CACHE);
  const owner = (await (await cache.match(WHOSE))?.text()) ?? "";
  for (const file of form.getAll(FIELD)) {
    if (!(file instanceof File)) continue;
    const headers = {
      "Content-Type": file.type,
      [NAME]: encodeURIComponent(file.name),
      [TAKEN_AT]: String(file.lastModified),
      [OWNER]: owner,
    };
    // Another share may come before this one was looked at: no key is used twice.
    await cache.put(`/shared/${Date.now()}-${Math.random()}`, new Response(file, { headers }));
  }
}

/** What was shared with `owner` and not yet taken into a check, in the order in which it came. */
export async function sharedPhotos(owner: string): Promise<SharedPhoto[]> {
  return (await kept(owner)).map(({ url, response, blob }) => {
    const { headers } = response;
    const options = { type: headers.get("Content-Type") ?? "", lastModified: Number(headers.get(TAKEN_AT)) };
    return { key: url, file: new File([blob], decodeURIComponent(headers.get(NAME) ?? ""), options) };
  });
}

/** What was shared with one belongs to the other; undefined: it is forgotten. */
export async function passShared(from: string, to: string | undefined): Promise<void> {
  for (const { url, response, blob } of await kept(from)) {
    const headers = new Headers(response.headers);
    if (to === undefined) await forgetShared(url);
    else {
      headers.set(OWNER, to);
      await (await caches.open(CACHE)).put(url, new Response(blob, { headers }));
    }
  }
}

/** The person has taken it into a check, or does not want it. */
export async function forgetShared(key: string): Promise<void> {
  await (await caches.open(CACHE)).delete(key);
}

async function kept(owner: string): Promise<{ url: string; response: Response; blob: Blob }[]> {
  if (typeof caches === "undefined") return [];
  const cache = await caches.open(CACHE);
  const found = [];
  for (const { url } of await cache.keys()) {
    const response = url.endsWith(WHOSE) ? undefined : await cache.match(url);
    if (response && (response.headers.get(OWNER) ?? "") === owner) found.push({ url, response, blob: await response.blob() });
  }
  return found;
}
