import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Offline } from "$kit/api/problem";
import { made, StillMade } from "./pdf";

const PDF = new Response("%PDF-1.7", { status: 200, headers: { "content-type": "application/pdf" } });
const later = (after?: string): Response =>
  new Response(null, { status: 202, headers: after === undefined ? {} : { "retry-after": after } });
const signal = new AbortController().signal;
const waited: number[] = [];
const wait = (seconds: number): Promise<void> => {
  waited.push(seconds);
  return Promise.resolve();
};
const answers = vi.fn<() => Promise<Response>>();

beforeEach(() => {
  waited.length = 0;
  answers.mockReset();
  vi.stubGlobal("fetch", answers);
});
afterEach(() => vi.unstubAllGlobals());

test("it is waited for as long as the server asks", async () => {
  answers.mockResolvedValueOnce(later("7")).mockResolvedValueOnce(later()).mockResolvedValueOnce(PDF.clone());
  expect(await (await made("/a.pdf", signal, wait)).text()).toBe("%PDF-1.7");
  expect(waited).toEqual([7, 3]);
});

test("a long pause is cut, and nobody waits for ever", async () => {
  answers.mockImplementation(() => Promise.resolve(later("3600")));
  await expect(made("/a.pdf", signal, wait)).rejects.toBeInstanceOf(StillMade);
  expect(Math.max(...waited)).toBe(20);
  expect(waited.reduce((sum, one) => sum + one, 0)).toBe(180);
});

test("a refusal is the server's, and no network is none", async () => {
  answers.mockResolvedValueOnce(Response.json({ code: "gone", detail: "Gone." }, { status: 410 }));
  await expect(made("/a.pdf", signal, wait)).rejects.toMatchObject({ code: "gone" });
  answers.mockResolvedValueOnce(new Response("<html>", { status: 502 }));
  await expect(made("/a.pdf", signal, wait)).rejects.toBeInstanceOf(Offline);
  answers.mockRejectedValueOnce(new TypeError("no network"));
  await expect(made("/a.pdf", signal, wait)).rejects.toBeInstanceOf(Offline);
});

test("who went away is waited for no more", async () => {
  const gone = new AbortController();
  answers.mockImplementation(() => Promise.resolve(later()));
  const asked = made("/a.pdf", gone.signal, (seconds) => (gone.abort(), wait(seconds)));
  await expect(asked).rejects.toBeInstanceOf(Offline);
  expect(answers).toHaveBeenCalledTimes(1);
});
