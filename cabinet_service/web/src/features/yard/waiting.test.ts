import "fake-indexeddb/auto";
import { beforeEach, expect, it, vi } from "vitest";

const DAY = 24 * 60 * 60 * 1000;
const INSPECTION = "0195c1de-0000-7000-8000-000000000001";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("document", { documentElement: {}, addEventListener: () => undefined });
vi.stubGlobal("location", new URL("https://example.com/yard"));
vi.stubGlobal(
  "Request",
  class extends Request {
    constructor(address: string | Request, init?: RequestInit) {
      super(typeof address === "string" ? new URL(address, location.href) : address, init);
    }
  },
);
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("BroadcastChannel", undefined);

const remembered = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => remembered.get(key) ?? null,
  setItem: (key: string, value: string) => remembered.set(key, value),
  removeItem: (key: string) => remembered.delete(key),
});

/** What the server says of a link, by its token: the car of an inspection, or why there is none. */
const says = new Map<string, { inspection: string } | string>();
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

vi.stubGlobal("fetch", (request: Request) => {
  const said = says.get(request.headers.get("authorization")?.replace("Bearer yard_", "") ?? "");
  if (typeof said !== "object" || !request.url.endsWith("/api/v1/yard")) {
    const problem = { type: "about:blank", title: "", status: 401, detail: "", code: String(said) };
    return Promise.resolve(Response.json(problem, { status: 401, headers: { "Content-Type": "application/problem+json" } }));
  }
  return Promise.resolve(Response.json({ inspection_id: said.inspection, photos: [], expires_at: inDays(3) }));
});

// What makes these out of their sources takes its time, which is no test's.
await import("./link.svelte");

/** The page of a link, loaded anew. */
async function opened(token: string) {
  vi.resetModules();
  const { drafts } = await import("../../drafts/drafts.svelte");
  const { database } = await import("../../drafts/database");
  const { link } = await import("./link.svelte");
  const kept = await import("./kept");
  await link.open(token);
  const filesKept = async () => (await database()).count("files");
  const take = (): Promise<string> => drafts.addPhoto(link.owner, "front", new Blob(["a photo"], { type: "image/jpeg" }));
  return { drafts, link, kept, filesKept, take };
}

beforeEach(async () => {
  const { drafts, kept } = await opened("of no link");
  for (const owner of Object.keys(JSON.parse(remembered.get("links") ?? "{}") as object)) await kept.forgetLink(owner);
  await drafts.clear();
  says.clear();
  says.set("first", { inspection: INSPECTION });
});

it.each(["revoked", "expired"])("photos of a link that is %s wait for a newer one to the same car", async (ended) => {
  const first = await opened("first");
  const photo = await first.take();
  says.set("first", `yard_link_${ended}`);
  await first.link.look();
  expect(first.link).toMatchObject({ ended, car: undefined });
  expect(first.kept.unsent(first.drafts.photos)).toHaveLength(1);

  says.set("of another car", { inspection: "another" });
  expect((await opened("of another car")).drafts.photos).toEqual([]);
  says.set("newer", { inspection: INSPECTION });
  const newer = await opened("newer");
  expect(newer.drafts.photosOf(newer.link.owner)).toMatchObject([{ id: photo, owner: newer.link.owner, state: "kept" }]);
  expect(await newer.filesKept()).toBe(1);
});

it("nothing waits where nothing more is needed", async () => {
  const first = await opened("first");
  await first.take();
  says.set("first", "yard_link_over");
  await first.link.look();
  expect(first.drafts.photos).toEqual([]);
  expect(await first.filesKept()).toBe(0);
});

it("what belongs to the link that is opened is kept, whatever the phone's clock says, and others' for 14 days", async () => {
  const { drafts, link, kept, filesKept, take } = await opened("first");
  await take();
  kept.keepUntil(link.owner, inDays(-20));
  await kept.forgetEnded(link.owner);
  expect(drafts.photos).toHaveLength(1);
  kept.keepUntil(link.owner, inDays(-13));
  await kept.forgetEnded();
  expect(await filesKept()).toBe(1);
  kept.keepUntil(link.owner, inDays(-15));
  await kept.forgetEnded();
  expect(await filesKept()).toBe(0);
});
