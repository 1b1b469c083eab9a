import { describe, expect, it } from "vitest";
import { claimOf, wrongIn } from "./advert";

describe("what the advert says", () => {
  it("is taken as people write it", () => {
    const typed = { make: " Lada ", year: "2015", mileage: "120 000 км", link: "Лада, смотрите: https://avito.ru/a_1?x=2" };
    expect(claimOf(typed)).toEqual({
      make: "Lada",
      model: null,
      year: 2015,
      mileage_km: 120000,
      advert_url: "https://avito.ru/a_1?x=2",
    });
    expect(wrongIn(typed)).toEqual([]);
    expect(claimOf({ link: "auto.ru/cars/1", mileage: "0" })).toMatchObject({ advert_url: "https://auto.ru/cars/1", mileage_km: 0 });
  });

  it("is asked about where the server would not take it", () => {
    expect(wrongIn({ year: "1885", mileage: "5000001", link: "by the road" })).toEqual(["year", "mileage", "link"]);
    expect(wrongIn({ year: "2101", mileage: "120,5", link: "x" })).toEqual(["year", "mileage", "link"]);
    expect(wrongIn({ year: "15 г", mileage: "many", link: "javascript://a.b" })).toEqual(["year", "mileage", "link"]);
    expect(wrongIn({ year: " ", mileage: "" })).toEqual([]);
  });
});
