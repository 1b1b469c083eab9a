import { describe, expect, it } from "vitest";
import type { Quality } from "../../drafts/database";
import { after, begin, insteadOf, shotsFrom, type Act, type Sequence } from "./sequence";

const SHOTS = ["vin_stamped", "vin_plate"] as const;

function played(...acts: Act[]): Sequence {
  return acts.reduce(after, begin(SHOTS));
}

function photo(photoId: string, quality: Quality): Act[] {
  return [{ act: "taken", photoId }, { act: "judged", photoId, quality }];
}

describe("the sequence of shots", () => {
  it.each(["ok", "unchecked"] as const)("goes on by itself after a photo that is %s", (quality) => {
    const { shots, phase } = played(...photo("1", quality));
    expect(shots).toEqual(["vin_plate"]);
    expect(phase).toEqual({ name: "aiming" });
  });

  it("ends after the last shot", () => {
    expect(played(...photo("1", "ok"), ...photo("2", "ok")).phase).toEqual({ name: "done" });
    expect(begin([]).phase).toEqual({ name: "done" });
  });

  it("says what is wrong, and goes on when the person sends it as it is", () => {
    const advising = played(...photo("1", "glare"));
    expect(advising.phase).toEqual({ name: "advising", photoId: "1", fault: "glare" });
    expect(after(advising, { act: "keep" })).toEqual(begin(["vin_plate"]));
  });

  it("remembers which photo a retake stands in for", () => {
    expect(played(...photo("1", "shaken"), { act: "retake" }).phase).toEqual({ name: "aiming", replaces: "1" });
  });

  it("accepts the third photo of a shot, whatever is wrong with it", () => {
    const retake: Act = { act: "retake" };
    const twice = [...photo("1", "blurred"), retake, ...photo("2", "blurred"), retake];
    expect(played(...twice, ...photo("3", "blurred"))).toEqual(begin(["vin_plate"]));
  });

  it("counts retakes for each shot anew", () => {
    const spent = [...photo("1", "glare"), { act: "retake" }, ...photo("2", "ok")] as Act[];
    expect(played(...spent, ...photo("3", "glare")).phase.name).toBe("advising");
    expect(played(...spent).retakes).toBe(0);
  });

  it("skips what cannot be reached", () => {
    expect(played({ act: "skip" }).shots).toEqual(["vin_plate"]);
    expect(played({ act: "skip" }, { act: "skip" }, { act: "skip" }).phase).toEqual({ name: "done" });
  });

  it("is not moved by what comes too late or twice", () => {
    const aiming = begin(SHOTS);
    for (const act of [{ act: "judged", photoId: "0", quality: "ok" }, { act: "keep" }, { act: "retake" }] as Act[]) {
      expect(after(aiming, act)).toBe(aiming);
    }
    const checking = played({ act: "taken", photoId: "1" });
    expect(after(checking, { act: "taken", photoId: "2" })).toBe(checking);
    expect(after(checking, { act: "judged", photoId: "0", quality: "ok" })).toBe(checking);
  });
});

describe("what there is no photo of", () => {
  it("gives way to what may be there instead, in its place", () => {
    expect(played({ act: "absent", instead: "door_sticker" })).toEqual(begin(["door_sticker", "vin_plate"]));
    expect(played({ act: "absent" })).toEqual(begin(["vin_plate"]));
    expect(played({ act: "skip" }, { act: "skip" }, { act: "absent", instead: "front" }).phase.name).toBe("done");
  });

  it("is a sticker where there is no plate, unless that is done already", () => {
    expect(insteadOf("vin_plate", new Set())).toBe("door_sticker");
    expect(insteadOf("vin_plate", new Set(["door_sticker"]))).toBeUndefined();
    expect(insteadOf("front", new Set())).toBeUndefined();
  });
});

describe("the shots of a round", () => {
  it("are the first four, from the one asked for on, even if it was taken before", () => {
    expect(shotsFrom("vin_stamped", new Set())).toEqual(["vin_stamped", "vin_plate", "windshield_vin", "front"]);
    expect(shotsFrom("windshield_vin", new Set(["windshield_vin"]))).toEqual(["windshield_vin", "front"]);
  });

  it("leave out what is done, and take a sticker for a plate", () => {
    expect(shotsFrom("vin_stamped", new Set(["vin_plate"]))).toEqual(["vin_stamped", "windshield_vin", "front"]);
    expect(shotsFrom("door_sticker", new Set())).toEqual(["door_sticker", "windshield_vin", "front"]);
  });

  it("begin with what is none of them, and go on with all", () => {
    expect(shotsFrom("odometer", new Set(["front"]))).toEqual(["odometer", "vin_stamped", "vin_plate", "windshield_vin"]);
  });
});
