import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as icu from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "vitest";
import { number, plural, select } from "../i18n/language.svelte";
import { compile, declare, read, type Catalogue } from "./catalogue";
import { faults, unused } from "./faults";

const PHOTOS = "{count, plural, =0 {нет} one {# снимок} few {# снимка} many {# снимков} other {# снимка}}";
const PHOTOS_EN = "{count, plural, =0 {none} one {# photo} other {# photos}}";
const COUNT = { placeholders: { count: { type: "int", example: "3" } } };

function catalogue(ru: Record<string, unknown>, en: Record<string, unknown>): Catalogue {
  const folder = mkdtempSync(join(tmpdir(), "messages-"));
  writeFileSync(join(folder, "ru.arb"), JSON.stringify({ "@@locale": "ru", ...ru }, null, 2));
  writeFileSync(join(folder, "en.arb"), JSON.stringify({ "@@locale": "en", ...en }, null, 2));
  return read(folder);
}

type Said = Record<"ru" | "en", Record<string, (values: object) => string>>;

function compiled(messages: Catalogue, section: string): Said {
  const code = compile(icu, messages, section).replace(/^import .*\n/, "").replace("export default", "return");
  return new Function("inLanguage", "number", "plural", "select", code)((said: Said) => said, number, plural, select) as Said;
}

describe("a section that is compiled", () => {
  test("counts as each language does", () => {
    const said = compiled(catalogue({ "home.photos": PHOTOS, "@home.photos": COUNT }, { "home.photos": PHOTOS_EN }), "home");
    const [ru, en] = [said.ru["photos"], said.en["photos"]];
    expect([0, 1, 3, 5, 11, 21, 22, 25, 111].map((count) => ru?.({ count }))).toEqual(
      ["нет", "1 снимок", "3 снимка", "5 снимков", "11 снимков", "21 снимок", "22 снимка", "25 снимков", "111 снимков"],
    );
    expect([0, 1, 2, 21].map((count) => en?.({ count }))).toEqual(["none", "1 photo", "2 photos", "21 photos"]);
    expect(ru?.({ count: 1.5 })).toBe("1,5 снимка");
  });

  test("chooses words, and leaves what is no syntax as it was written", () => {
    const text = "` \\ <b>O'Brien</b> $'{'x'}' {more, select, true {{name}+} other {}}";
    const described = { placeholders: { more: { type: "bool", example: "true" }, name: { type: "String", example: "A" } } };
    const said = compiled(catalogue({ "a.b": text, "@a.b": described }, { "a.b": text }), "a");
    const around = "` \\ <b>O'Brien</b> ${x} ";
    expect(said.ru["b"]?.({ more: true, name: "$&{y}" })).toBe(`${around}$&{y}+`);
    expect(said.en["b"]?.({ more: false, name: "" })).toBe(around);
  });

  test("holds its own messages alone, and nests what has dots", () => {
    const both = { "a.one": "1", "a.kinds.x": "X", "a.two": "2", "a.kinds.y": "Y", "b.other": "?" };
    expect(compiled(catalogue(both, both), "a").ru).toEqual({ one: "1", kinds: { x: "X", y: "Y" }, two: "2" });
  });

  test("is known to the type checker by its names and what is filled in", () => {
    const types = declare(icu, catalogue({ "a.n": PHOTOS, "@a.n": COUNT, "a.k.x": "{who}!" }, {}), "$messages/");
    expect(types).toContain('declare module "$messages/a"');
    expect(types).toContain('{ "n": (values: { count: number }) => string; "k": { "x": (values: { who: string }) => string } }');
  });
});

describe("the faults of a catalogue", () => {
  const WHO = { placeholders: { who: { type: "String", example: "Анна" } } };
  test.each([
    ["a gap", { "a.x": "Икс" }, {}, ["en.arb, a.x: is missing"]],
    ["an unknown key", {}, { "a.x": "X" }, ["en.arb, a.x: is unknown"]],
    ["an empty text", { "a.x": "Икс" }, { "a.x": " " }, ["en.arb, a.x: is empty"]],
    [
      "another placeholder",
      { "a.x": "{who}", "@a.x": WHO },
      { "a.x": "{whom}" },
      ["en.arb, a.x: has the placeholders (whom: shown) and not (who: shown)"],
    ],
    ["a placeholder that is not described", { "a.x": "{who}" }, { "a.x": "{who}" }, ["ru.arb, a.x: has the placeholders (who) and not ()"]],
    [
      "a form that the language has",
      { "a.x": "{count, plural, one {#} other {#}}", "@a.x": COUNT },
      { "a.x": PHOTOS_EN },
      ['ru.arb, a.x: lacks the plural form "few"', 'ru.arb, a.x: lacks the plural form "many"'],
    ],
    [
      "a count that is no number",
      { "a.x": PHOTOS, "@a.x": { placeholders: { count: { type: "String", example: "3" } } } },
      { "a.x": PHOTOS_EN },
      ["ru.arb, a.x: counts by count, which is no number", "en.arb, a.x: counts by count, which is no number"],
    ],
    ["what cannot be read", { "a.x": "Икс" }, { "a.x": "{who" }, [expect.stringContaining("en.arb, a.x: EXPECT_ARGUMENT_CLOSING_BRACE")]],
    ["a description of nothing", { "@a.x": WHO }, {}, ["ru.arb describes a.x, which is not there"]],
  ])("name %s", (_, ru, en, expected) => {
    expect(faults(icu, catalogue(ru, en))).toEqual(expected);
  });

  test("are none where every language says everything", () => {
    expect(faults(icu, catalogue({ "a.x": PHOTOS, "@a.x": COUNT }, { "a.x": PHOTOS_EN }))).toEqual([]);
  });

  test("a key that stands twice is refused, since one of the two would be lost", () => {
    const folder = mkdtempSync(join(tmpdir(), "messages-"));
    writeFileSync(join(folder, "ru.arb"), '{\n  "a.x": "1",\n  "a.x": "2"\n}\n');
    expect(() => read(folder)).toThrow("a.x twice");
  });
});

test("messages that nobody asks for are found", () => {
  const both = { "a.x": "1", "a.kinds.y": "2", "a.kinds.z": "3", "a.deep.in": "4", "a.deep.out": "5", "b.x": "6", "c.x": "7" };
  const sources = [
    'import t from "$messages/a";\nt().x.length; t().kinds[kind]; t().deep.in',
    'import words from "$messages/b";\nObject.keys(words())',
  ];
  expect(unused(catalogue(both, both), "", sources)).toEqual(["a.deep.out", "c.x"]);
});
