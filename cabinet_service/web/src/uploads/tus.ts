/** Resumable uploads by the tus protocol (1.0.0, with creation, checksum and expiration). */

import { sendForJson, sendOrRaise } from "$kit/api/http";
import type { Schemas } from "../api/client";
import { Intercepted, Offline, Problem } from "$kit/api/problem";
import { read } from "./bytes";

type Outcome = Schemas["UploadOut"];

const VERSION = { "Tus-Resumable": "1.0.0" };
// Small enough that a cut costs little on a slow line, large enough that the round trips do not count.
const CHUNK = 512 * 1024;
// A chunk takes 82 s at 50 kbit/s.
const PATIENCE = 120_000;

export interface Target {
  /** The address of an upload that was begun before. */
  url: string | undefined;
  metadata: Record<string, string>;
  onBegun: (url: string) => Promise<void>;
  onProgress: (offset: number) => Promise<void>;
  /** Asked between two parts. */
  mayGoOn: () => boolean;
}

/**
 * Send `file`, from wherever an earlier attempt came to. Returns what became of it, or nothing if it may not go on.
 * Raises Offline, Problem or Unreadable; the upload can be gone on with after the first, and after a Problem that passes.
 */
export async function upload(file: Blob, target: Target): Promise<Outcome | undefined> {
  let { url } = target;
  let earlier = url === undefined ? undefined : await outcome(url);
  if (earlier?.state === "done") return earlier;
  // One that is over, or that the server has forgotten, is begun anew: if it is refused again, it says why again.
  if (earlier?.state === "refused") earlier = undefined;
  if (url === undefined || earlier === undefined) {
    url = await begin(file, target.metadata);
    await target.onBegun(url);
  }
  let offset = earlier?.offset_bytes ?? 0;
  for (;;) {
    let refusal: unknown;
    try {
      offset = await sendChunk(url, offset, file.slice(offset, offset + CHUNK), file.size);
      await target.onProgress(offset);
    } catch (error) {
      if (!(error instanceof Problem) || error.passes || error.status === 401) throw error;
      refusal = error;
    }
    if (refusal || offset === file.size) return ended(await outcome(url), refusal);
    if (!target.mayGoOn()) return undefined;
  }
}

/** What became of an upload that came to its end: who asks late, or twice, hears the same. */
function ended(found: Outcome | undefined, refusal: unknown): Outcome {
  if (found?.state === "done") return found;
  if (found?.problem) throw new Problem(422, found.problem.code, found.problem.detail, found.problem.params);
  throw refusal ?? new Problem(503, "upload_unfinished", "");
}

async function begin(file: Blob, metadata: Record<string, string>): Promise<string> {
  const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${base64(value)}`);
  const headers = { ...VERSION, "Upload-Length": String(file.size), "Upload-Metadata": pairs.join(",") };
  const answer = marked(await sendOrRaise(new Request("/api/v1/uploads", { method: "POST", headers })));
  const place = answer.headers.get("Location");
  if (!place) throw new Intercepted("no address for the upload");
  const { pathname, search } = new URL(place, location.origin);
  return pathname + search;
}

/** Returns how far the server has come then: past the chunk, or to where another tab has brought it. */
async function sendChunk(url: string, offset: number, part: Blob, size: number): Promise<number> {
  const chunk = await read(() => part.arrayBuffer());
  const headers = {
    ...VERSION,
    "Upload-Offset": String(offset),
    "Content-Type": "application/offset+octet-stream",
    "Upload-Checksum": `sha256 ${await digest(chunk)}`,
  };
  try {
    const ask = new Request(url, { method: "PATCH", headers, body: chunk });
    const held = Number(marked(await sendOrRaise(ask, PATIENCE)).headers.get("Upload-Offset"));
    // A line that answers for the server would have us send the same part for ever.
    if (!(held >= offset + chunk.byteLength && held <= size)) throw new Intercepted("an impossible offset");
    return held;
  } catch (error) {
    if (error instanceof Problem && error.code === "upload_offset") return Number(error.params["held"]);
    if (error instanceof Problem && error.code === "upload_checksum") throw new Offline("changed on its way");
    throw error;
  }
}

/** The answer, if it is one by the protocol. */
function marked(answer: Response): Response {
  if (!answer.headers.has("Tus-Resumable")) throw new Intercepted("not by the protocol");
  return answer;
}

/** What has become of an upload; undefined if the server does not know it any more. */
async function outcome(url: string): Promise<Outcome | undefined> {
  try {
    return await sendForJson<Outcome>(new Request(url.replace(/\/content$/, "")));
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

async function digest(chunk: ArrayBuffer): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", chunk);
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
