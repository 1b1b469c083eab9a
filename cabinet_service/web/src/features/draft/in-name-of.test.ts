import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Me } from "../../api/remembered";

const kept = new Map<string, string>();
vi.stubGlobal("navigator", { language: "en", onLine: true });
vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("location", { origin: "https://example.com" });
vi.stubGlobal("localStorage", { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, text: string) => kept.set(name, text) });

const { chosenLast, keepChosen, mayOrder, OWN } = await import("./in-name-of");

const AGENT = { company_id: "motors", branch_id: "north" };
const ADMIN = { company_id: "garage", branch_id: null };

const me = (id: string, ...memberships: object[]): Me => ({ account: { id }, memberships }) as unknown as Me;

beforeEach(() => kept.clear());

describe("the name to order in", () => {
  it("is one's own, a company's that one runs with any branch, or that of the own branch", () => {
    const anna = me("anna", AGENT, ADMIN);
    for (const name of [OWN, AGENT, ADMIN, { ...ADMIN, branch_id: "west" }]) expect(mayOrder(anna, name)).toBe(true);
    for (const name of [{ ...AGENT, branch_id: "south" }, { ...AGENT, branch_id: null }, { company_id: "x", branch_id: null }]) {
      expect(mayOrder(anna, name)).toBe(false);
    }
  });

  it("is remembered for each account, as long as one works there", () => {
    const [anna, boris] = [me("anna", AGENT), me("boris", ADMIN)];
    expect(chosenLast(anna)).toEqual(OWN);
    keepChosen(anna, AGENT);
    keepChosen(boris, ADMIN);
    expect([chosenLast(anna), chosenLast(boris)]).toEqual([AGENT, ADMIN]);
    expect(chosenLast(me("anna"))).toEqual(OWN);
  });
});
