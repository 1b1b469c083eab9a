/** Passkeys (WebAuthn): the library that speaks to the device is loaded when somebody asks for it. */

import { api, type Schemas } from "../api/client";
import { newId, once, told } from "$kit/api/told";

/** The person closed the phone's question, or it was not answered in time: nothing went wrong. */
export class Declined extends Error {
  override readonly name = "Declined";
}

export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function";
}

/** Add this device to the account under `name`. Raises Declined, Problem or Offline. */
export async function addPasskey(name: string): Promise<void> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  const { public_key } = await told(api.POST("/api/v1/me/passkey-challenges"));
  const optionsJSON = public_key as unknown as Parameters<typeof startRegistration>[0]["optionsJSON"];
  const created = await startRegistration({ optionsJSON }).catch(declined);
  const credential = created as unknown as Schemas["CreatedCredential"];
  const params = { header: once(newId()) };
  await told(api.POST("/api/v1/me/passkeys", { params, body: { name, credential } }));
}

/** Sign in with whichever passkey the device offers. Raises Declined, Problem or Offline. */
export async function signInWithPasskey(): Promise<void> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const { public_key } = await told(api.POST("/api/v1/auth/passkey-challenges"));
  const optionsJSON = public_key as unknown as Parameters<typeof startAuthentication>[0]["optionsJSON"];
  const used = await startAuthentication({ optionsJSON }).catch(declined);
  const credential = used as unknown as Schemas["UsedCredential"];
  await told(api.POST("/api/v1/auth/passkey-sessions", { body: { credential, carrier: "cookie" } }));
}

function declined(error: unknown): never {
  // What the device refuses and what the person does, browsers do not tell apart, so that no page can.
  throw new Declined("the device gave no passkey", { cause: error });
}
