import { render } from "svelte/server";
import { expect, test } from "vitest";
import { example } from "./example.testing";
import Report from "./Report.svelte";

const shown = (...much: Parameters<typeof example>): string =>
  render(Report, { props: { presented: example(...much), addressOf: ({ evidence_id }) => `/photos/${evidence_id}` } }).body;
const bare = (html: string): string => html.replaceAll(/<!--.*?-->/g, "");

function* texts(value: unknown, key = ""): Generator<string> {
  if (typeof value === "string" && !/^(type|id|tone|evidence_id|finding_id|report_id|language|reader|verdict|made_at|photo|when|what|source)$/.test(key)) yield value;
  else if (Array.isArray(value)) for (const one of value) yield* texts(one, key);
  else if (value && typeof value === "object") for (const [name, one] of Object.entries(value)) yield* texts(one, name);
}

test("everything that is said of the car is on the page", () => {
  const html = bare(shown());
  const said = [...texts(example())].filter((text) => !text.includes("{number}"));
  expect(said.length).toBeGreaterThan(80);
  expect(said.filter((text) => !html.includes(text))).toEqual([]);
  expect(html).toContain("Находка 3");
});

test("what somebody wrote leaves what is around it as it is, and is no markup", () => {
  const presented = example();
  const words = '<img src=x onerror="alert(1)"> السيارة';
  presented.masthead.car = { words };
  const { body } = render(Report, { props: { presented, addressOf: () => undefined } });
  expect(body).not.toContain("<img src=x");
  expect(bare(body)).toContain(`<bdi dir="auto" lang="" class="${/bdi dir="auto" lang="" class="([^"]*)"/.exec(bare(body))?.[1] ?? ""}">&lt;img`);
});

test("of what is much the beginning is seen, and the rest is there for paper", () => {
  const html = bare(shown(40, 60, 30));
  expect(html.match(/Находка \d+/g)).toHaveLength(40);
  expect(html.match(/beyond/g)?.length).toBe(32 + 48 + 25);
  expect(html.match(/aria-expanded="false"/g)).toHaveLength(3);
  expect(html.match(/<img[^>]*loading="lazy"/g)).toHaveLength(80 + 60);
});

test("a photo that is not to be seen is said in words", () => {
  const { body } = render(Report, { props: { presented: example(), addressOf: () => undefined } });
  expect(body).not.toContain("<img");
  expect(body).toContain("Номер, набитый на кузове");
});

test("what a graph says in words is read once", () => {
  const html = bare(shown());
  const alt = "С 2019 по 2023 год пробег стал меньше: 148 000 и 84 000 км.";
  expect(html.split(alt)).toHaveLength(2);
  expect(html).toMatch(/<svg[^>]*viewBox[^>]*aria-hidden="true"/);
});

test("a side of a comparison that is empty says so to whoever does not see it", () => {
  expect(bare(shown()).match(/<span aria-hidden="true"[^>]*>—<\/span><span class="hidden[^"]*" lang="(ru|en)"[^>]*>(Ничего|Nothing)</g)).toHaveLength(2);
});

test("every section is reached from the contents", () => {
  const html = bare(shown());
  for (const { id } of example().sections) {
    expect(html).toContain(`href="#${id}-title"`);
    expect(html).toContain(`id="${id}-title"`);
  }
});

test("the logo of whoever ordered it stands at its head, and says whose it is", () => {
  const logo = { src: "data:image/png;base64,AAAA", width: 300, height: 100, alt: "Банк «Берег»" };
  const { body } = render(Report, { props: { presented: example(), addressOf: () => undefined, logo } });
  expect(body).toContain('src="data:image/png;base64,AAAA" width="300" height="100" alt="Банк «Берег»"');
  expect(shown()).not.toContain("data:image");
});
