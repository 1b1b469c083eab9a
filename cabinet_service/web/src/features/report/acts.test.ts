import { example } from "$kit/report/example.testing";
import { render } from "svelte/server";
import { expect, test } from "vitest";
import Acts from "./Acts.svelte";

function shown(verdict: string | null): string {
  const presented = example();
  const masthead = { ...presented.masthead, verdict: verdict as typeof presented.masthead.verdict };
  const props = { of: "histories/1", presented: { ...presented, masthead }, versions: [], pdfAddress: () => "" };
  return render(Acts, { props }).body;
}

test("a page for a credit file is offered where somebody has judged, and nowhere else", () => {
  expect(shown("doubts")).toContain("Одна страница");
  expect(shown(null)).not.toContain("Одна страница");
  expect(shown(null)).toContain("Скачать PDF");
});
