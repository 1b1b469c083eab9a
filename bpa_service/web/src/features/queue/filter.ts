/** Which rows of the queue one wants to see, and in what order. */

import { spelled } from "$kit/spelling";
import type { QueueRow, View } from "../../api/client";

export type Order = "left" | "slack";

export interface Filter {
  view: View;
  /** Part of a number, an identifier, a car, a holder's name or of what made the client wonder. */
  text: string;
  order: Order;
}

/** The rows that fit. By `slack` the cases come first that leave the least time beyond what they are likely to take. */
export function chosenRows(rows: readonly QueueRow[], filter: Filter, snoozed: ReadonlySet<string>): readonly QueueRow[] {
  const wanted = filter.text.trim().toLowerCase();
  if (!wanted && filter.order === "left" && !snoozed.size) return rows;
  const number = spelled(wanted);
  const fits = (row: QueueRow): boolean => words(row).includes(wanted) || (number !== "" && numbers(row).includes(number));
  const fitting = rows.filter((row) => !snoozed.has(row.id) && (!wanted || fits(row)));
  return filter.order === "slack" ? fitting.sort((one, other) => slack(one) - slack(other)) : fitting;
}

/** Whether the filter needs every row of the view, and not only those that were scrolled to. */
export function needsAll(filter: Filter): boolean {
  return filter.order === "slack" || filter.text.trim() !== "";
}

// A clock that stands has all the time there is. All rows were read at the same instant, so what is left now orders
// them as well as what was left then.
function slack({ urgent, reckoning, effort_seconds }: QueueRow): number {
  const left = reckoning.due_at == null ? Infinity : reckoning.remaining_seconds - effort_seconds;
  return urgent ? left - 1e6 : left;
}

function words(row: QueueRow): string {
  const { number, make, model, holder, worry } = row;
  return [number, make, model, holder?.display_name, worry].filter(Boolean).join(" ").toLowerCase();
}

/** The numbers of the car, whichever of them one remembers: a case that came with a VIN may have a plate too. */
function numbers({ identifier, plate }: QueueRow): string {
  return `${spelled(identifier)}\n${spelled(plate ?? "")}`;
}
