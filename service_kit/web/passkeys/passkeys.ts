/**
 * Passkeys (WebAuthn), of which both services speak alike (`service_kit/passkeys`): one's own, and signing in by one.
 * The library that speaks to the device is loaded when somebody asks for it.
 */

import { sendOrRaise } from "../api/http";
import { newId, once } from "../api/unwrap";

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

/** The person closed the device's question, or it was not answered in time: nothing went wrong. */
export class Declined extends Error {
  override readonly name = "Declined";
}

export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function";
}

/** One's own, the oldest first. All of these raise Problem or Offline. */
export async function ownPasskeys(): Promise<Passkey[]> {
  return (await call<{ items: Passkey[] }>("GET", "/me/passkeys")).items;
}

/** Add this device to the account under `name`; with a fresh code of the second factor where one is asked. Raises Declined. */
export async function addPasskey(name: string, code?: string): Promise<void> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  type Options = Parameters<typeof startRegistration>[0]["optionsJSON"];
  const asked = code === undefined ? undefined : { code };
  const { public_key } = await call<{ public_key: Options }>("POST", "/me/passkey-challenges", asked);
  const credential = await startRegistration({ optionsJSON: public_key }).catch(declined);
  await call("POST", "/me/passkeys", { name, credential });
}

export function renamePasskey(id: string, name: string): Promise<unknown> {
  return call("PATCH", `/me/passkeys/${id}`, { name });
}

export function removePasskey(id: string): Promise<unknown> {
  return call("DELETE", `/me/passkeys/${id}`);
}

/** Sign in with whichever passkey the device offers. Raises Declined. */
export async function signInWithPasskey(): Promise<void> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  type Options = Parameters<typeof startAuthentication>[0]["optionsJSON"];
  const { public_key } = await call<{ public_key: Options }>("POST", "/auth/passkey-challenges");
  const credential = await startAuthentication({ optionsJSON: public_key }).catch(declined);
  await call("POST", "/auth/passkey-sessions", { credential, carrier: "cookie" });
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json", ...once(newId()) };
  const what = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await sendOrRaise(new Request(`/api/v1${path}`, { method, headers, ...what }));
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

function declined(error: unknown): never {
  // What the device refuses and what the person does, browsers do not tell apart, so that no page can.
  throw new Declined("the device gave no passkey", { cause: error });
}
