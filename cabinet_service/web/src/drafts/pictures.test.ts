import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetPictures, keepPictures, MOST_BYTES, pictureOf } from "./pictures";

const asked: string[] = [];
let here = "anna";

beforeEach(async () => {
  asked.length = 0;
  here = "anna";
  for (const owner of ["anna", "boris"]) for (const one of ["first", "second"]) await forgetPictures(owner, one);
});

function keep(inspection: string, photos: readonly string[], size = 10, owner = "anna") {
  const fetched = async (photo: string): Promise<Blob> => {
    asked.push(photo);
    return new Blob([new Uint8Array(size)]);
  };
  return keepPictures(owner, inspection, photos, { fetched, isTheirs: () => here === owner });
}

const isKept = async (inspection: string, photo: string, owner = "anna"): Promise<boolean> =>
  (await pictureOf(owner, inspection, photo)) !== undefined;

describe("photos of a report that was opened", () => {
  it("are fetched once, and are those of its inspection and account alone", async () => {
    await keep("first", ["a", "b", "a"]);
    await keep("first", ["a", "b"]);
    expect(asked).toEqual(["a", "b"]);
    expect(await isKept("first", "a")).toBe(true);
    expect([await isKept("second", "a"), await isKept("first", "a", "boris")]).toEqual([false, false]);
  });

  it("are not kept of one who has left the phone meanwhile", async () => {
    here = "boris";
    await keep("first", ["a", "b"]);
    expect(await isKept("first", "a")).toBe(false);
    expect(asked).toEqual(["a"]);
  });

  it("make room for those of the report that was opened last", async () => {
    const clock = vi.spyOn(Date, "now");
    const third = MOST_BYTES / 3;
    clock.mockReturnValue(1);
    await keep("first", ["a", "b"], third);
    clock.mockReturnValue(2);
    await keep("second", ["c"], third);
    clock.mockReturnValue(3);
    await keep("first", ["a"]);
    clock.mockReturnValue(4);
    await keep("second", ["d"], third);
    clock.mockRestore();
    const held = [isKept("first", "a"), isKept("first", "b"), isKept("second", "c"), isKept("second", "d")];
    expect(await Promise.all(held)).toEqual([true, false, true, true]);
  });

  it("are the first of one report that has more than there is room for", async () => {
    await keep("first", ["a", "b", "c"], MOST_BYTES / 2);
    expect([await isKept("first", "a"), await isKept("first", "b"), await isKept("first", "c")]).toEqual([true, true, false]);
  });

  it("go with the inspection", async () => {
    await keep("first", ["a"]);
    await keep("second", ["a"]);
    await forgetPictures("anna", "first");
    expect([await isKept("first", "a"), await isKept("second", "a")]).toEqual([false, true]);
  });
});
