import { expect, test } from "vitest";
import { alike } from "./alike";
import { addressOf, askedBy, facetOf, isBackwards, isNothing, isSame, isTooLong, NOTHING, toggled, without, type Asked } from "./asking";

const ASKED: Asked = { q: "серая Škoda & 7654?*", facets: ["make:SKODA", "year:2011"], since: "2026-03-01", until: "2026-03-31" };

test("an address says all that is asked, and nothing asked has the address of the screen", () => {
  expect(askedBy(new URL(addressOf(ASKED), "http://desk").searchParams)).toEqual(ASKED);
  expect(addressOf(NOTHING)).toBe("/search");
  expect(addressOf({ ...NOTHING, q: "  " })).toBe("/search");
  expect(isNothing(NOTHING)).toBe(true);
  expect(isNothing(toggled(NOTHING, "make:SKODA"))).toBe(false);
});

test("what an address says that is none of ours is left out", () => {
  const asked = askedBy(new URLSearchParams(`q=a&facet=colour:red&facet=make:&facet=make&facet=make:A&facet=make:A&facet=make:${"A".repeat(140)}&since=now&until=2026-1-1`));
  expect(asked).toEqual({ q: "a", facets: ["make:A"], since: "", until: "" });
});

test("a facet's value may have colons of its own", () => {
  expect(facetOf("company:A: B")).toEqual({ facet: "company", value: "A: B" });
  expect(facetOf("company")).toBeUndefined();
});

test("a value is chosen, and taken off again", () => {
  const chosen = toggled(ASKED, "make:AUDI");
  expect(chosen.facets).toEqual(["make:SKODA", "year:2011", "make:AUDI"]);
  expect(toggled(chosen, "make:SKODA").facets).toEqual(["year:2011", "make:AUDI"]);
});

test("two searches are the same whatever the order of their facets", () => {
  expect(isSame(ASKED, { ...ASKED, q: ` ${ASKED.q} `, facets: [...ASKED.facets].reverse() })).toBe(true);
  expect(isSame(ASKED, { ...ASKED, until: "" })).toBe(false);
});

test("a search is loosened by a term as it was understood", () => {
  expect(without({ ...NOTHING, q: "шкода КАЗАНЬ 7654" }, "казань")?.q).toBe("шкода 7654");
  expect(without({ ...NOTHING, q: 'шкода "новые заклёпки"' }, "новые заклёпки")?.q).toBe("шкода");
  expect(without({ ...NOTHING, q: "7654" }, "7654")).toBeUndefined(); // that would ask for everything
  expect(without({ ...NOTHING, q: "7654" }, "8888")).toBeUndefined();
});

test("days are backwards only where both are there", () => {
  expect(isBackwards({ ...NOTHING, since: "2026-04-01", until: "2026-03-01" })).toBe(true);
  expect(isBackwards({ ...NOTHING, since: "2026-04-01", until: "2026-04-01" })).toBe(false);
  expect(isBackwards({ ...NOTHING, since: "2026-04-01" })).toBe(false);
});

test("how long a search is, is counted in characters", () => {
  expect(isTooLong({ ...NOTHING, q: "🚗".repeat(500) })).toBe(false);
  expect(isTooLong({ ...NOTHING, q: "a".repeat(501) })).toBe(true);
});

test("cars like one are those whose numbers begin alike, of its make", () => {
  const q = (claim: Parameters<typeof alike>[0]): string | undefined => {
    const address = alike(claim);
    return address && askedBy(new URL(address, "http://desk").searchParams).q;
  };
  expect(q({ identifier: "хта 21124-0Y2765432", identifier_kind: "vin", make: "Lada" })).toBe("XTA21124* Lada");
  expect(q({ identifier: "SAL1A2A40SA606662", identifier_kind: "vin", make: ' Land "Rover ' })).toBe('SAL1A2A4* "Land Rover"');
  expect(q({ identifier: "A123BC777", identifier_kind: "plate", make: "Lada" })).toBe("Lada");
  expect(q({ identifier: "A123BC777", identifier_kind: "plate", make: null })).toBeUndefined();
});
