import { expect, it } from "vitest";
import type { QueueRow } from "../../api/client";
import { compared } from "./away.svelte";

function row(id: string, holder?: string, breached = false): QueueRow {
  return { id, holder: holder ? { expert_id: holder } : null, reckoning: { breached } } as unknown as QueueRow;
}

it("counts what came, went, was taken and ran out of time", () => {
  const since = new Date();
  const before = [row("stays"), row("goes"), row("taken"), row("late")];
  const after = [row("stays"), row("taken", "anna"), row("late", undefined, true), row("comes", "boris", true)];

  expect(compared(before, after, since)).toEqual({ since, fresh: 1, gone: 1, taken: 1, overdue: 2 });
});
