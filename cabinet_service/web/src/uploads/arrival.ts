/** A part of the app that is loaded once it is needed, on whatever line there is. */

import { unwrap } from "$kit/api/unwrap";
import { api } from "../api/client";

/** So long it may take: of a line that died meanwhile a browser may never hear. */
const PATIENCE = 30_000;

/**
 * A part is missing although the server answers. A browser may remember for as long as the page lives that a part could
 * not be had, and after a deploy it is gone: then only a page that is loaded anew has it.
 */
export class Unloaded extends Error {
  override readonly name = "Unloaded";
}

/** The part. Raises Offline or Problem where the server cannot be asked now, and Unloaded where it can. */
export async function arrived<T>(load: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => (timer = setTimeout(() => fail(new Error("it takes too long")), PATIENCE)));
  try {
    return await Promise.race([load(), late]);
  } catch (cause) {
    // Neither what the worker keeps nor a hotspot answers in the server's place.
    await unwrap(api.GET("/api/v1/me"));
    throw new Unloaded("a part of the app is missing", { cause });
  } finally {
    clearTimeout(timer);
  }
}
