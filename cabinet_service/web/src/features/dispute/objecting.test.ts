import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Decision } from "../../api/client";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
vi.stubGlobal("BroadcastChannel", undefined);

const { drafts } = await import("../../drafts/drafts.svelte");
const { Objection } = await import("./objecting.svelte");

const answer = (version: number, ...ids: string[]) => ({ version, findings: ids.map((finding_id) => ({ finding_id })) }) as unknown as Decision;

beforeEach(() => drafts.clear());

test("the words are about the version that was read when they were begun", async () => {
  let read = answer(1, "rivets", "rust");
  const objection = new Objection("inspection", () => read);
  await objection.write("T");
  await objection.doubt("rivets", true);
  await objection.doubt("rust", true);
  expect(objection.isOutdated).toBe(false);

  read = answer(2, "rust");
  await objection.write("The rivets are fine");

  expect([objection.version, objection.isOutdated, objection.doubted]).toEqual([1, true, ["rust"]]);
  await objection.send();
  expect(objection.kept).toMatchObject({ text: "The rivets are fine", state: "sending", of: { version: 1 } });
});

test("a page that is opened anew knows which version that was", async () => {
  await new Objection("inspection", () => answer(1)).write("No");

  expect(new Objection("inspection", () => answer(3)).version).toBe(1);
});

test("whoever has read the newest goes on about that", async () => {
  let read = answer(1, "rivets", "rust");
  const objection = new Objection("inspection", () => read);
  await objection.doubt("rivets", true);
  await objection.doubt("rust", true);
  await objection.write("No");
  read = answer(2, "rust");
  await drafts.answer(objection.key, "inspection", { problem: { code: "answer_changed", detail: "" } });

  await objection.goOn();

  expect(objection.isOutdated).toBe(false);
  expect(objection.kept).toMatchObject({ text: "No", problem: null, of: { kind: "dispute", version: 2, findings: ["rust"] } });
});

test("a photo begins it, and what was deleted is begun anew", async () => {
  let read = answer(1);
  const objection = new Objection("inspection", () => read);
  await objection.begin();
  read = answer(2);
  expect(objection.version).toBe(1);

  await objection.discard();

  expect([objection.kept, objection.version]).toEqual([undefined, 2]);
});
