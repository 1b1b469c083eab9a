/** Sending a new exemplar: a form with its picture. */

import { send } from "$kit/api/http";
import { once, unwrap } from "$kit/api/unwrap";
import { api, type Exemplar, type Shot } from "../../api/client";
import type { Draft } from "./draft";

// As long as the server waits for it.
const PATIENCE = 5 * 60_000;

/** Raises Problem or Offline. `key` is the same for the same draft. */
export async function add(draft: Draft, key: string): Promise<Exemplar> {
  const form = new FormData();
  for (const [name, value] of Object.entries(draft)) {
    if (value instanceof File) form.append(name, value);
    else if (value) form.append(name, String(value));
  }
  return unwrap(
    api.POST("/api/v1/exemplars", {
      params: { header: once(key) },
      // The contract describes the form; what is sent is the form itself.
      body: { file: "", make: draft.make, marking: draft.marking as Shot },
      bodySerializer: () => form,
      fetch: (request: Request) => send(request, PATIENCE),
    }),
  );
}
