import { describe, expect, it, vi } from "vitest";
import type { Photo } from "../../drafts/database";

vi.stubGlobal("navigator", { language: "en", onLine: true });
vi.stubGlobal("document", { documentElement: {}, addEventListener: () => undefined });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("location", { origin: "https://example.com" });
vi.stubGlobal("addEventListener", () => undefined);

const { endedBy, shotsFrom, standingOf, tokenIn } = await import("./link.svelte");
const { Offline, Problem } = await import("$kit/api/problem");
type Car = import("./link.svelte").Car;

const OF_SERVER = { id: "e1", shot: "front", info_task_id: null, sha256: "", opens: true } as const;

function car(photos: Car["photos"]): Car {
  return { photos } as unknown as Car;
}

function photo(change: Partial<Photo>): Photo {
  return { id: "p", shot: "front", state: "kept", ...change } as Photo;
}

describe("a link", () => {
  it("has its secret behind the #, whole or not at all", () => {
    expect(tokenIn(`#${"aB-_".repeat(8)}`)).toBe("aB-_".repeat(8));
    for (const hash of ["", "#", "#short", "#with space and more", `#${"a".repeat(65)}`]) expect(tokenIn(hash)).toBeUndefined();
  });

  it("has ended where the server says so, and not where the line is bad", () => {
    expect(endedBy(new Problem(401, "yard_link_over", ""))).toBe("over");
    for (const error of [new Offline("x"), new Problem(401, "not_signed_in", ""), new Problem(503, "away", "")]) {
      expect(endedBy(error)).toBeUndefined();
    }
  });
});

describe("a shot", () => {
  const asked = { shot: "front", photos: 1, answer: null } as const;

  it("counts each photo once, wherever it is", () => {
    const there = photo({ state: "sent", evidenceId: "e1" });
    const [onItsWay, refused, other] = [photo({ id: "2" }), photo({ state: "refused" }), photo({ shot: "rear" })];
    expect(standingOf(asked, car([OF_SERVER]), [there, onItsWay, refused, other], undefined).taken).toBe(2);
  });

  it("is answered by what was said here, and by nothing once there is a photo", () => {
    const draft = { shotAnswers: { front: "unreadable" } } as never;
    const none = { ...asked, photos: 0, answer: "not_found" } as const;
    expect(standingOf(none, car([]), [], undefined).answer).toBe("not_found");
    expect(standingOf(none, car([]), [], draft).answer).toBe("unreadable");
    expect(standingOf(none, car([]), [photo({})], draft).answer).toBeUndefined();
  });

  it("is followed by those after it that are not done", () => {
    expect(shotsFrom("front", ["vin_stamped", "front", "rear", "odometer"], new Set(["rear"]))).toEqual(["front", "odometer"]);
  });
});
