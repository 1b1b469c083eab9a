/** A phone with one account and a server that a test can watch, hold up and have fail: what the tests of sending share. */

import "fake-indexeddb/auto";
import { beforeEach, expect, vi } from "vitest";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.stubGlobal(
  "Request",
  class extends Request {
    constructor(address: string | Request, init?: RequestInit) {
      super(typeof address === "string" ? new URL(address, location.href) : address, init);
    }
  },
);
vi.stubGlobal("BroadcastChannel", undefined);
vi.stubGlobal("localStorage", {
  getItem: () => JSON.stringify({ account: { id: "anna" } }),
  setItem: () => undefined,
});
vi.stubGlobal("document", { documentElement: {}, cookie: "" });
export const session = { isSignedIn: true, account: "anna", signedOut: () => undefined };
(await import("$kit/api/http")).speakFor(session);
// What is named so is what this phone cannot open.
vi.doMock("./copy", () => ({
  smallCopy: async (original: Blob) => (original.type === "image/heic" ? undefined : original.slice(0, 100)),
}));

export const { drafts } = await import("../drafts/drafts.svelte");
export const { database } = await import("../drafts/database");
export const { queue } = await import("./queue.svelte");

export const INSPECTION = "00000000-0000-7000-8000-000000000001";
export const PART = 512 * 1024;

/** The server: what it was asked for, in order, and what a test does when it is asked for something. */
class Server {
  asked: string[] = [];
  when: Record<string, () => Promise<unknown>> = {};
  private sizes = new Map<string, number>();
  private offsets = new Map<string, number>();

  async answer(request: Request): Promise<Response> {
    const path = new URL(request.url, location.href).pathname.replace("/api/v1", "");
    const what = `${request.method} ${path}`;
    if (what.endsWith("/evidence/copies")) {
      const size = String((await request.formData()).get("size_bytes"));
      return this.after(`copy of ${size}`, Response.json({ id: `evidence-${size}` }));
    }
    if (what === "POST /uploads") {
      const size = Number(request.headers.get("Upload-Length"));
      this.sizes.set(String(size), size);
      const headers = { "Tus-Resumable": "1.0.0", Location: `/api/v1/uploads/${size}/content` };
      return new Response(null, { status: 201, headers });
    }
    const size = /^\/uploads\/(\d+)/.exec(path)?.[1];
    if (size && request.method === "PATCH") {
      const end = Number(request.headers.get("Upload-Offset")) + (await request.blob()).size;
      this.offsets.set(size, end);
      const headers = { "Tus-Resumable": "1.0.0", "Upload-Offset": String(end) };
      return this.after(`${end} of ${size}`, new Response(null, { status: 204, headers }));
    }
    if (size) {
      const offset_bytes = this.offsets.get(size) ?? 0;
      const state = offset_bytes === this.sizes.get(size) ? "done" : "receiving";
      return Response.json({ state, offset_bytes, evidence_id: `evidence-${size}`, problem: null });
    }
    if (request.method === "PATCH") {
      const { claim } = (await request.json()) as { claim: { identifier?: string } };
      return claim.identifier ? this.after(`claim ${claim.identifier}`, Response.json({})) : Response.json({});
    }
    if (what.endsWith("/messages")) {
      const { text } = (await request.json()) as { text: string };
      return this.after(`${text} ${request.headers.get("Idempotency-Key")}`, Response.json({}));
    }
    if (what === "POST /inspections") {
      await this.when["begun"]?.();
      return Response.json({ id: INSPECTION });
    }
    if (what.endsWith("/cancellation")) return this.after(`deleted ${path.split("/")[2]}`, Response.json({}));
    if (what.endsWith("/submit")) return this.after("submit", Response.json({}));
    if (what.endsWith("/refusal")) {
      const { reason, note } = (await request.json()) as { reason: string; note?: string };
      return this.after([reason, note].filter(Boolean).join(": "), Response.json({}));
    }
    if (request.method === "PUT") {
      const body = await request.text();
      return this.after(body ? `${what} ${(JSON.parse(body) as { answer: string | null }).answer}` : what, Response.json({}));
    }
    if (what.endsWith("/fulfilment")) return this.after("answer", Response.json({}));
    return Response.json({});
  }

  private async after(what: string, answer: Response): Promise<Response> {
    this.asked.push(what);
    await this.when[what]?.();
    return answer;
  }
}

export let server: Server;

export function photo(size: number, type = "image/jpeg"): Blob {
  return new Blob([new Uint8Array(size)], { type });
}

/** Everything has been sent. */
export async function drained(): Promise<void> {
  queue.drain();
  await vi.waitFor(() => expect(drafts.photos.every((one) => one.state === "sent")).toBe(true), 5000);
  await vi.waitFor(() => expect(drafts.answers).toEqual([]), 5000);
}

beforeEach(async () => {
  session.account = "anna";
  await drafts.use("anna");
  await drafts.clear();
  server = new Server();
  vi.stubGlobal("fetch", (request: Request) => server.answer(request));
});
