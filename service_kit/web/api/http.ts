/**
 * `fetch` as this app uses it: with a time limit, the app's language and the session kept going.
 *
 * The session is in cookies that no script can read. An access token lasts ten minutes; whoever meets its end
 * has it refreshed, once for all who wait, and asks again. Only the server's own 401 ends a session: where the
 * refresh fails in any other way, nobody knows, and it is asked again later.
 */

import { locale } from "../i18n/language.svelte";
import { Intercepted, isOurs, Offline, Problem } from "./problem";
import { unwrap } from "./unwrap";

const PATIENCE = 30_000;
const NOT_SIGNED_IN = "not_signed_in";

let refreshing: Promise<boolean> | undefined;
interface Holder {
  readonly isSignedIn: boolean;
  /** The id of whoever is signed in. */
  readonly account: string | undefined;
  /** What they show in place of a session: the cookies of whoever is signed in on this phone are then not theirs. */
  readonly bearer?: string;
  /** The session turned out to be over. */
  signedOut(): void;
}

let holder: Holder = { isSignedIn: false, account: undefined, signedOut: () => undefined };

/** Say whose session it is. */
export function speakFor(whose: Holder): void {
  holder = whose;
}

export function isSignedIn(): boolean {
  return holder.isSignedIn;
}

/** Whose session it is; undefined if nobody is signed in. */
export function account(): string | undefined {
  return holder.isSignedIn ? holder.account : undefined;
}

/**
 * The server's answer, whatever its status. Raises Offline, also where what came back is no answer of the server, and
 * Problem if the session could not be kept going for now. `patience` is in milliseconds.
 */
export async function send(request: Request, patience = PATIENCE): Promise<Response> {
  const [again, whose] = [request.clone(), holder.account];
  const answer = await once(request, patience);
  if (answer.status !== 401 || holder.bearer || (await codeOf(answer)) !== NOT_SIGNED_IN) return answer;
  if (request.url.includes("/auth/") && !request.url.includes("/auth/sessions")) return answer;
  if (await refreshed()) {
    // The cookies are those of all tabs: another one may have signed somebody else in.
    if (holder.account === whose) return once(again, patience);
    throw new Offline("somebody else is signed in");
  }
  holder.signedOut();
  return answer;
}

/** The same; raises Problem for a refusal. */
export async function sendOrRaise(request: Request, patience = PATIENCE): Promise<Response> {
  const answer = await send(request, patience);
  if (!answer.ok) throw await Problem.of(answer);
  return answer;
}

/** The body of the answer. Raises Offline or Problem. */
export async function sendForJson<T>(request: Request, patience = PATIENCE): Promise<T> {
  return unwrap<T>(
    sendOrRaise(request, patience).then(async (response) => ({ response, data: (await response.json()) as T })),
  );
}

async function once(request: Request, patience: number): Promise<Response> {
  request.headers.set("Accept-Language", locale.language);
  if (holder.bearer) request.headers.set("Authorization", `Bearer ${holder.bearer}`);
  // AbortSignal.any and .timeout are younger than the phones that this has to work on.
  const limit = new AbortController();
  const stop = (): void => limit.abort();
  const timer = setTimeout(stop, patience);
  request.signal.addEventListener("abort", stop);
  try {
    const answer = await fetch(request, { credentials: "same-origin", signal: limit.signal });
    if (!isOurs(answer)) throw new Intercepted(`${answer.status} of somebody else`);
    return answer;
  } catch (error) {
    if (request.signal.aborted || error instanceof Offline) throw error;
    throw new Offline("no answer", { cause: error });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", stop);
  }
}

/** Whether the session goes on: false if it is over. Raises Offline or Problem if that is not known. */
async function refreshed(): Promise<boolean> {
  refreshing ??= (async () => {
    const answer = await once(new Request("/api/v1/auth/tokens", { method: "POST" }), PATIENCE);
    if (answer.ok) return true;
    const problem = await Problem.of(answer);
    if (problem.status === 401) return false;
    throw problem;
  })().finally(() => (refreshing = undefined));
  return refreshing;
}

async function codeOf(answer: Response): Promise<string> {
  return (await Problem.of(answer.clone())).code;
}
