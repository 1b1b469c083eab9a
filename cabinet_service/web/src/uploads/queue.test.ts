import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";

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
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("document", { documentElement: {}, cookie: "" });
vi.mock("../api/session.svelte", () => ({ session: { isSignedIn: true } }));
// What is named so is what this phone cannot open.
vi.mock("./copy", () => ({
  smallCopy: async (original: Blob) => (original.type === "image/heic" ? undefined : original.slice(0, 100)),
}));

const { drafts } = await import("../drafts/drafts.svelte");
const { queue } = await import("./queue.svelte");

const INSPECTION = "00000000-0000-7000-8000-000000000001";
const PART = 512 * 1024;

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
      const Location = `/api/v1/uploads/${size}/content`;
      return new Response(null, { status: 201, headers: { Location } });
    }
    const size = /^\/uploads\/(\d+)/.exec(path)?.[1];
    if (size && request.method === "PATCH") {
      const end = Number(request.headers.get("Upload-Offset")) + (await request.blob()).size;
      this.offsets.set(size, end);
      const headers = { "Upload-Offset": String(end) };
      return this.after(`${end} of ${size}`, new Response(null, { status: 204, headers }));
    }
    if (size) {
      const offset_bytes = this.offsets.get(size) ?? 0;
      const state = offset_bytes === this.sizes.get(size) ? "done" : "receiving";
      return Response.json({ state, offset_bytes, evidence_id: `evidence-${size}` });
    }
    if (request.method === "PATCH") {
      const { claim } = (await request.json()) as { claim: { identifier?: string } };
      return claim.identifier ? this.after(`claim ${claim.identifier}`, Response.json({})) : Response.json({});
    }
    if (what === "POST /inspections") return Response.json({ id: INSPECTION });
    if (what.endsWith("/submit")) return this.after("submit", Response.json({}));
    if (what.endsWith("/fulfilment")) return this.after("answer", Response.json({}));
    return Response.json({});
  }

  private async after(what: string, answer: Response): Promise<Response> {
    this.asked.push(what);
    await this.when[what]?.();
    return answer;
  }
}

let server: Server;

function photo(size: number, type = "image/jpeg"): Blob {
  return new Blob([new Uint8Array(size)], { type });
}

async function drained(): Promise<void> {
  queue.drain();
  await vi.waitFor(() => expect(drafts.photos.every((one) => one.state === "sent")).toBe(true), 5000);
  await vi.waitFor(() => expect(drafts.answers).toEqual([]), 5000);
}

beforeEach(async () => {
  await drafts.clear();
  server = new Server();
  vi.stubGlobal("fetch", (request: Request) => server.answer(request));
});

describe("what is sent", () => {
  it("is all copies, the smallest photo first, then the submit, and the originals after it", async () => {
    const draft = await drafts.open();
    for (const size of [3000, 1000, 2000]) await drafts.addPhoto(draft.id, "front", photo(size));
    await drafts.change(draft.id, { state: "sending" });
    await drained();
    expect(server.asked).toEqual([
      "copy of 1000",
      "copy of 2000",
      "copy of 3000",
      "submit",
      "1000 of 1000",
      "2000 of 2000",
      "3000 of 3000",
    ]);
  });

  it("is the original before the submit where there can be no copy", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    await drafts.addPhoto(draft.id, "rear", photo(2000, "image/heic"));
    await drafts.change(draft.id, { state: "sending" });
    await drained();
    expect(server.asked).toEqual(["copy of 1000", "2000 of 2000", "submit", "1000 of 1000"]);
  });

  it("gives way between two parts of an original to the copy of a photo that was taken meanwhile", async () => {
    const draft = await drafts.open();
    const size = 2 * PART + 1000;
    await drafts.addPhoto(draft.id, "front", photo(size));
    server.when[`${PART} of ${size}`] = () => drafts.addPhoto(draft.id, "rear", photo(1000));
    await drained();
    expect(server.asked).toEqual([
      `copy of ${size}`,
      `${PART} of ${size}`,
      "copy of 1000",
      "1000 of 1000",
      `${2 * PART} of ${size}`,
      `${size} of ${size}`,
    ]);
  });

  it("is nothing more of a photo that was removed meanwhile", async () => {
    const draft = await drafts.open();
    const size = 2 * PART;
    const removed = await drafts.addPhoto(draft.id, "front", photo(size));
    await drafts.addPhoto(draft.id, "rear", photo(size + 1));
    server.when[`${PART} of ${size}`] = () => drafts.removePhoto(removed);
    await drained();
    expect(server.asked).not.toContain(`${size} of ${size}`);
    expect(server.asked).toContain(`${size + 1} of ${size + 1}`);
  });

  it("is an answer to the experts only once they can have the original that it is about", async () => {
    const about = { inspectionId: INSPECTION, infoTaskId: "task" };
    await drafts.addPhoto(null, "front", photo(1000), { inspectionId: INSPECTION });
    await drafts.addPhoto(null, "rear", photo(2000), about);
    await drafts.answer("task", INSPECTION, { state: "sending" });
    await drained();
    expect(server.asked).toEqual(["copy of 2000", "copy of 1000", "2000 of 2000", "answer", "1000 of 1000"]);
  });

  it("is the original although its copy was refused", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    const refusal = Response.json({ code: "photo_truncated", detail: "cut" }, { status: 422 });
    const answer = server.answer.bind(server);
    server.answer = async (request) => (request.url.endsWith("/copies") ? refusal.clone() : answer(request));
    await drained();
    expect(server.asked).toEqual(["1000 of 1000"]);
  });

  it("is what was written last, although it was written while a photo was on its way", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    server.when["copy of 1000"] = async () => {
      await drafts.edit(draft.id, { identifier: "SAL1A2A40SA606662" });
      await drafts.change(draft.id, { state: "sending" });
    };
    await drained();
    expect(server.asked).toEqual(["copy of 1000", "claim SAL1A2A40SA606662", "submit", "1000 of 1000"]);
  });

  it("is tried again at once when somebody asks for it, while an attempt fails and in the pause after it", async () => {
    const draft = await drafts.open();
    await drafts.addPhoto(draft.id, "front", photo(1000));
    let attempts = 0;
    server.when["copy of 1000"] = async () => {
      attempts++;
      if (attempts === 1) queue.hurry();
      if (attempts <= 2) throw new TypeError("no network");
    };
    queue.drain();
    await vi.waitFor(() => expect(queue.offline).toBe(true), 1000);
    expect(attempts).toBe(2);
    queue.hurry();
    await vi.waitFor(() => expect(server.asked).toContain("1000 of 1000"), 1000);
  });
});
