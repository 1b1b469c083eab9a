import { expect, test, vi } from "vitest";

vi.stubGlobal("location", new URL("https://example.com/"));
const { networksIn } = await import("./keys");

test("networks are read however they are listed", () => {
  expect(networksIn(" 203.0.113.0/24,198.51.100.7\n2001:db8::/32 ;")).toEqual([
    "203.0.113.0/24",
    "198.51.100.7",
    "2001:db8::/32",
  ]);
  expect(networksIn(" \n ")).toEqual([]);
});
