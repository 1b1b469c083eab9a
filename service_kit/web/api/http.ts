/**
 * `fetch` as this app uses it: with a time limit, the app's language and the session kept going.
 *
 * The session is in cookies that no script can read. An access token lasts ten minutes; whoever meets its end
 * has it refreshed, once for all who wait, and asks again.
 */

import { locale } from "../i18n/language.svelte";
import { Offline, Problem } from "./problem";

const PATIENCE = 30_000;
const NOT_SIGNED_IN = "not_signed_in";

let refreshing: Promise<boolean> | undefined;
interface Holder {
  readonly isSignedIn: boolean;
  /** The session turned out to be over. */
  signedOut(): void;
}

let holder: Holder = { isSignedIn: false, signedOut: () => undefined };

/** Say whose session it is. */
export function speakFor(whose: Holder): void {
  holder = whose;
}

export function isSignedIn(): boolean {
  return holder.isSignedIn;
}

/** The answer, whatever its status. Raises Offline. `patience` is in milliseconds. */
export async function send(request: Request, patience = PATIENCE): Promise<Response> {
  const again = request.clone();
  const answer = await once(request, patience);
  if (answer.status !== 401 || (await codeOf(answer)) !== NOT_SIGNED_IN) return answer;
  if (request.url.includes("/auth/") && !request.url.includes("/auth/sessions")) return answer;
  if (await refreshed()) return once(again, patience);
  holder.signedOut();
  return answer;
}

/** The same; raises Problem for a refusal. */
export async function sendOrRaise(request: Request, patience = PATIENCE): Promise<Response> {
  const answer = await send(request, patience);
  if (!answer.ok) throw await Problem.of(answer);
  return answer;
}

async function once(request: Request, patience: number): Promise<Response> {
  request.headers.set("Accept-Language", locale.language);
  // AbortSignal.any and .timeout are younger than the phones that this has to work on.
  const limit = new AbortController();
  const stop = (): void => limit.abort();
  const timer = setTimeout(stop, patience);
  request.signal.addEventListener("abort", stop);
  try {
    return await fetch(request, { credentials: "same-origin", signal: limit.signal });
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Offline("no answer", { cause: error });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", stop);
  }
}

async function refreshed(): Promise<boolean> {
  refreshing ??= (async () => {
    const ask = new Request("/api/v1/auth/tokens", { method: "POST" });
    return (await once(ask, PATIENCE)).ok;
  })().finally(() => (refreshing = undefined));
  return refreshing;
}

async function codeOf(answer: Response): Promise<string> {
  return (await Problem.of(answer.clone())).code;
}
