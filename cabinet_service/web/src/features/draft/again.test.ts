import { expect, test } from "vitest";
import { outOf } from "./again";

const reading = { kind: "vin" } as never;
const earlier = {
  claim: {
    advert_url: "https://example.com/1",
    as_seen: true,
    identifier: "SAL1A2A40SA606662",
    identifier_kind: null,
    identifier_reading: reading,
    make: "Land Rover",
    mileage_km: 120_000,
    model: null,
    plate: "А123ВС77",
    plate_reading: null,
    year: 2015,
  },
  worry: "The rivets look new",
  company_id: "c",
  branch_id: "b",
};

test("the same car takes its numbers along, and what was seen then is seen anew", () => {
  expect(outOf(earlier, true)).toEqual({
    identifier: "SAL1A2A40SA606662",
    plate: "А123ВС77",
    asSeen: true,
    kind: "vin",
    worry: "The rivets look new",
    advert: { make: "Land Rover", year: "2015", link: "https://example.com/1" },
    inNameOf: { company_id: "c", branch_id: "b" },
  });
});

test("another car like it takes no number along", () => {
  expect(outOf(earlier, false)).toMatchObject({
    identifier: "",
    plate: "",
    asSeen: false,
    advert: { make: "Land Rover", year: "2015" },
    inNameOf: { company_id: "c", branch_id: "b" },
  });
  expect(outOf(earlier, false).advert).not.toHaveProperty("link");
});
