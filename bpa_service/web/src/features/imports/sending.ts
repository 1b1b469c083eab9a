/** Sending a file of a source. By XMLHttpRequest: `fetch` does not say how much has gone out. */

import { Intercepted, Offline, Problem, read } from "$kit/api/problem";
import { unwrap } from "$kit/api/unwrap";
import { locale } from "$kit/i18n/language.svelte";
import { api, type Schemas } from "../../api/client";

export type Import = Schemas["ImportOut"];

export interface Outgoing {
  source: string;
  file: File;
  /** As a date field has it. */
  day: string;
  /** The same for the same file and day. */
  key: string;
}

/** Raises Problem or Offline, and an AbortError where `signal` ended it. `onprogress` gets what share has gone out. */
export async function sendFile(
  what: Outgoing,
  onprogress: (share: number) => void,
  signal: AbortSignal,
): Promise<Import> {
  try {
    return await once(what, onprogress, signal);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "not_signed_in") throw error;
    // The token has just ended: whatever is asked by `api` has it renewed.
    await unwrap(api.GET("/api/v1/me"));
    return once(what, onprogress, signal);
  }
}

function once({ source, file, day, key }: Outgoing, onprogress: (share: number) => void, signal: AbortSignal): Promise<Import> {
  const form = new FormData();
  form.append("as_of", `${day}T00:00:00Z`);
  form.append("name", file.name);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/sources/${encodeURIComponent(source)}/files`);
    request.setRequestHeader("Accept-Language", locale.language);
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.onprogress = (event) => onprogress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Offline("no answer"));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.onload = () => {
      try {
        const body: unknown = JSON.parse(request.responseText);
        if (request.status === 202) resolve(body as Import);
        else reject(read(request.status, body, new Headers({ "retry-after": request.getResponseHeader("retry-after") ?? "" })));
      } catch (error) {
        reject(error instanceof Offline ? error : new Intercepted(`${request.status} of somebody else`));
      }
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
