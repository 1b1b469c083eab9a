import { expect, it } from "vitest";
import { inOrder } from "./photos";

type Facts = Parameters<typeof inOrder>[0];

function order(photos: [string, string?][], tasks: [string, string?][]): string[] {
  const evidence = photos.map(([evidence_id, info_task_id = null]) => ({ evidence_id, info_task_id }));
  const info_tasks = tasks.map(([task_id, place]) => ({ task_id, place: place ? { evidence_id: place } : null }));
  return inOrder({ evidence, info_tasks } as unknown as Facts).map((one) => one.evidence_id);
}

it.each([
  [[["a"], ["b"], ["c"]], [], ["a", "b", "c"]],
  [[["a"], ["b"], ["again", "t"]], [["t", "a"]], ["a", "again", "b"]],
  [[["a"], ["b"], ["again", "t"], ["once more", "u"]], [["t", "a"], ["u", "again"]], ["a", "again", "once more", "b"]],
  [[["a"], ["b"], ["x", "t"]], [["t"]], ["a", "b", "x"]],
  [[["a"], ["x", "t"]], [["t", "gone"]], ["a", "x"]],
] as [[string, string?][], [string, string?][], string[]][])("puts %j behind what %j asked about: %j", (photos, tasks, expected) => {
  expect(order(photos, tasks)).toEqual(expected);
});
