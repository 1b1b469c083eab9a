import { expect, test } from "vitest";
import { Offline, Problem } from "$kit/api/problem";
import { standingOf } from "./shared";

const problem = (status: number, code: string): Problem => Object.assign(Object.create(Problem.prototype) as Problem, { status, code });

test.each([
  [undefined, undefined],
  [problem(403, "share_code_required"), "code"],
  [problem(403, "share_code_wrong"), "code"],
  [problem(410, "share_expired"), "closed"],
  [problem(404, "share_unknown"), "closed"],
  [problem(404, "not_found"), "failed"],
  [problem(503, "unavailable"), "failed"],
  [new Offline(), "failed"],
])("%o leaves the page %s", (error, standing) => {
  expect(standingOf(error)).toBe(standing);
});
