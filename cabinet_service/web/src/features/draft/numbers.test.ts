import { describe, expect, it } from "vitest";
import type { Photo } from "../../drafts/database";
import { doubts, proposed, rowsOf } from "./numbers";
import type { Candidate, PhotoReading } from "./readings.svelte";

const VIN = "SAL1A2A40SA606662";
const OTHER = "SAL1A2A40SA606682";
const picture = new Blob();

function candidate(identifier: string, more: Partial<Candidate> = {}): Candidate {
  return { identifier, confidence: 0.95, changes: [], issues: [], ...more } as Candidate;
}

function photo(id: string, shot: Photo["shot"] = "vin_stamped"): Photo {
  return { id, shot, state: "kept" } as Photo;
}

function read(photos: Photo[], readings: Record<string, Candidate[]>): ReturnType<typeof proposed> {
  return proposed(photos, (id): PhotoReading | undefined => {
    const candidates = readings[id];
    return candidates && { picture, candidates, numberSeen: true };
  });
}

describe("the number that the photos say", () => {
  it("is sure where it was read without a doubt", () => {
    expect(read([photo("1")], { "1": [candidate(VIN)] })).toMatchObject({ photoId: "1", sure: true });
  });

  it("is not where a character was exchanged, or another number may be meant, or there is an issue", () => {
    const changed = candidate(VIN, { changes: [{ position: 9, typed: "O", became: "0" }] });
    const misfit = candidate(VIN, { issues: [{ code: "vin_check_digit_differs" }] as Candidate["issues"] });
    const framed = candidate(VIN, { issues: [{ code: "reading_end_left_out" }] as Candidate["issues"] });
    expect(read([photo("1")], { "1": [changed] })?.sure).toBe(false);
    expect(read([photo("1")], { "1": [misfit] })?.sure).toBe(false);
    expect(read([photo("1")], { "1": [candidate(VIN), candidate(OTHER)] })?.sure).toBe(false);
    expect(read([photo("1")], { "1": [framed] })?.sure).toBe(true);
  });

  it("is sure where two photos say the same, whatever is doubtful on one", () => {
    const changed = candidate(VIN, { changes: [{ position: 9, typed: "O", became: "0" }] });
    expect(read([photo("1"), photo("2", "vin_plate")], { "1": [changed], "2": [candidate(VIN)] })).toMatchObject({
      photoId: "2",
      sure: true,
    });
  });

  it("is not where photos differ, and says where", () => {
    const found = read([photo("1"), photo("2", "vin_plate")], { "1": [candidate(VIN)], "2": [candidate(OTHER)] });
    expect(found).toMatchObject({ sure: false, rival: { candidate: { identifier: OTHER } } });
    expect(found && doubts(found)).toEqual([{ place: 15, says: ["6", "8"] }]);
  });

  it("is none where no place of a number was read", () => {
    expect(read([photo("1", "front")], { "1": [candidate(VIN)] })).toBeUndefined();
    expect(read([photo("1")], {})).toBeUndefined();
  });

  it("says what a doubtful character may be", () => {
    const changed = candidate(VIN, { changes: [{ position: 9, typed: "D", became: "0" }] });
    const found = read([photo("1")], { "1": [changed, candidate(OTHER)] });
    expect(found && doubts(found)).toEqual([
      { place: 8, says: ["0", "D"] },
      { place: 15, says: ["6", "8"] },
    ]);
  });

  it("is compared in the groups of a VIN, and any other as a whole", () => {
    expect(rowsOf(VIN, "vin").map(({ from, to }) => VIN.slice(from, to))).toEqual(["SAL", "1A2A40", "SA606662"]);
    expect(rowsOf("SV30-0169266", "frame")).toEqual([{ from: 0, to: 12 }]);
  });
});
