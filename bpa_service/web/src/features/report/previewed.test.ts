import { expect, test, vi } from "vitest";
import type { Presented } from "$kit/report/presented";
import type { Asked } from "./previewed.svelte";

vi.stubGlobal("navigator", { onLine: true, language: "en", languages: ["en"] });
vi.stubGlobal("location", new URL("https://example.com/"));
const { Previewed } = await import("./previewed.svelte");

const body = { verdict: "clean", summary: "Fine." } as Asked["body"];
const of = ({ reader, language }: Asked) => ({ reader, language }) as unknown as Presented;

/** A server that answers when it is told to. */
function slow() {
  const waiting: (() => void)[] = [];
  const previewed = new Previewed((asked) => new Promise((done) => waiting.push(() => done(of(asked)))));
  return { previewed, waiting };
}

test.each<[string, Partial<Asked>]>([
  ["reader", { reader: "seller" }],
  ["language", { language: "en" }],
])("under another %s the report of the one before is not read", async (_, other) => {
  const { previewed, waiting } = slow();
  const first = previewed.look({ body, reader: "buyer", language: "ru" });
  waiting[0]?.();
  await first;
  expect([previewed.presented?.reader, previewed.isComing]).toEqual(["buyer", false]);

  const second = previewed.look({ body, reader: "buyer", language: "ru", ...other });
  expect([previewed.presented, previewed.isComing]).toEqual([undefined, true]);

  waiting[1]?.();
  await second;
  expect(previewed.presented).toMatchObject(other);
});

test("other words are read once they are there; until then those before", async () => {
  const { previewed, waiting } = slow();
  const first = previewed.look({ body, reader: "buyer" });
  waiting[0]?.();
  await first;

  void previewed.look({ body: { ...body, summary: "Fine!" }, reader: "buyer" });

  expect([previewed.presented?.reader, previewed.isComing]).toEqual(["buyer", true]);
});

test("what comes late is not shown under what was asked for since", async () => {
  const { previewed, waiting } = slow();
  const first = previewed.look({ body, reader: "buyer" });
  const second = previewed.look({ body, reader: "seller" });
  waiting[1]?.();
  await second;
  waiting[0]?.();

  expect(await first).toBeUndefined();
  expect(previewed.presented?.reader).toBe("seller");
});

test("beside an error there is no report of before", async () => {
  let fails = false;
  const previewed = new Previewed(async (asked) => {
    if (fails) throw new TypeError("the line is broken");
    return of(asked);
  });
  await previewed.look({ body, reader: "buyer" });
  fails = true;

  await previewed.look({ body, reader: "buyer" });

  expect([previewed.presented, previewed.isComing]).toEqual([undefined, false]);
  expect(previewed.problem).not.toBe("");
});
