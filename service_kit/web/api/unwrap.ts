/** What every call of an API needs besides its types. */

import { Offline, read } from "./problem";

/** The body of the answer. Raises Problem for a refusal, Offline if there was no answer. */
export async function unwrap<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    // As the engines say that the answer broke off in its midst.
    if (cause instanceof TypeError || cause instanceof SyntaxError) throw new Offline("half an answer", { cause });
    throw cause;
  });
  if (response.ok) return data as T;
  throw read(response.status, error, response.headers);
}

/** The header that makes a request safe to repeat. */
export function once(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}

/** A new id, also where the page is not served securely (a test device on a local network). */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
