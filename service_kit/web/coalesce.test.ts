import { describe, expect, it } from "vitest";
import { coalesced } from "./coalesce";

describe("wishes for a fresh look", () => {
  it("are one look more while one is on its way", async () => {
    const looks: (() => void)[] = [];
    const look = coalesced(() => new Promise((done) => looks.push(done)));

    const first = look();
    const others = [look(), look(), look()];
    expect(looks).toHaveLength(1);
    looks[0]?.();
    await new Promise((done) => setTimeout(done));
    expect(looks).toHaveLength(2);
    looks[1]?.();
    await Promise.all([first, ...others]);

    const later = look();
    expect(looks).toHaveLength(3);
    looks[2]?.();
    await later;
  });
});
