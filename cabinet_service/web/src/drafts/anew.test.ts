import "fake-indexeddb/auto";
import { expect, it, vi } from "vitest";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.stubGlobal("BroadcastChannel", undefined);
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });

const { drafts } = await import("./drafts.svelte");
const { beginAnew } = await import("./anew");
const { originalOf } = await import("../uploads/bytes");

it("is the same draft, of which the server has heard nothing, in one's own name", async () => {
  const old = await drafts.begin();
  const photo = await drafts.addPhoto(old.id, "front", new Blob(["a photo"], { type: "image/jpeg" }));
  await drafts.edit(old.id, { worry: "The rivets", inNameOf: { company_id: "company", branch_id: null } });
  const known = { inspectionId: "theirs", asked: true, dirty: false, problem: { code: "not_found", detail: "" } };
  await drafts.change(old.id, known);
  await drafts.changePhoto(photo, { state: "sent", evidenceId: "evidence", uploadUrl: "/uploads/1", offset: 7 });

  const id = await beginAnew(old.id);

  expect(drafts.all.map((one) => one.id)).toEqual([id]);
  const [draft] = drafts.all;
  expect(draft).toMatchObject({ worry: "The rivets", dirty: true, state: "editing", problem: null });
  expect([draft?.inspectionId, draft?.inNameOf, draft?.asked, draft?.submitKey === old.submitKey]).toEqual([undefined, undefined, undefined, false]);
  const [moved, ...others] = drafts.photosOf(id ?? "");
  expect(others).toEqual([]);
  expect(moved).toMatchObject({ state: "kept", offset: 0 });
  expect([moved?.evidenceId, moved?.uploadUrl, moved?.id === photo]).toEqual([undefined, undefined, false]);
  expect(await (await originalOf(moved?.id ?? "")).text()).toBe("a photo");
  await expect(originalOf(photo)).rejects.toThrow("gone");
  expect(await beginAnew(old.id)).toBeUndefined();
});
