import "fake-indexeddb/auto";
import { expect, it, vi } from "vitest";
import { change } from "./database";
import { keep, keepOwn, recall } from "./kept";

it("keeps what a person made however much is told after it, and of that what was told last", async () => {
  const clock = vi.spyOn(Date, "now").mockReturnValue(0);
  await keepOwn("anna", "list", "of cars");
  for (let at = 1; at <= 60; at += 1) {
    clock.mockReturnValue(at);
    await keep("anna", `told ${at}`, at);
  }
  clock.mockRestore();
  expect((await recall("anna", "list"))?.told).toBe("of cars");
  expect(await recall("anna", "told 10")).toBeUndefined();
  expect((await recall("anna", "told 11"))?.told).toBe(11);
});

it("says where what a person made cannot be kept", async () => {
  await change(["kept"], (work) => work.objectStore("kept").clear());
  await expect(keepOwn("anna", "list", () => "no data")).rejects.toBeInstanceOf(DOMException);
  await keep("anna", "told", () => "no data");
  expect(await recall("anna", "list")).toBeUndefined();
});
