import { sendOrRaise } from "../api/http";

/** An answer of the routes that both services have alike. Raises Problem or Offline. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const what = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await sendOrRaise(new Request(`/api/v1${path}`, { method, ...what }));
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
