/** Which case comes next, by the order in which the queue is seen. */

import type { QueueRow, State } from "../../api/client";

/** There is nothing to do in them before somebody else has done their part. */
const WAITING: ReadonlySet<State> = new Set(["waiting_client", "second_opinion"]);

/** Who is asking, and what they have answered so recently that it may stand in the queue still. */
export interface Asking {
  me: string | undefined;
  /** Whether they answer disputes, of answers that are not their own. */
  amends: boolean;
  here: string;
  answered: ReadonlySet<string>;
}

/** Down the queue from where one is; from its end, what `first` says. */
export function below(rows: readonly QueueRow[], asking: Asking): string | undefined {
  const here = rows.findIndex((row) => row.id === asking.here);
  return rows.slice(here + 1).find((row) => isOurs(row, asking))?.id ?? first(rows, asking);
}

/** Up the queue from where one is. */
export function above(rows: readonly QueueRow[], asking: Asking): string | undefined {
  const here = rows.findIndex((row) => row.id === asking.here);
  return rows.slice(0, Math.max(0, here)).filter((row) => isOurs(row, asking)).at(-1)?.id;
}

/** What is to be worked on before all else. */
export function first(rows: readonly QueueRow[], asking: Asking): string | undefined {
  return rows.find((row) => isOurs(row, asking) && !WAITING.has(row.state))?.id;
}

function isOurs({ id, holder, disputed, answered_by }: QueueRow, { me, amends, here, answered }: Asking): boolean {
  const isFree = !holder || holder.expert_id === me;
  return id !== here && !answered.has(id) && isFree && (!disputed || (amends && answered_by !== me));
}
