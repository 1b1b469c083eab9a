/** Which rows of the queue one wants to see, and in what order. */

import type { QueueRow, View } from "../../api/client";

export type Order = "left" | "slack";

export interface Filter {
  view: View;
  /** Part of a number, an identifier, a car or a holder's name. */
  text: string;
  order: Order;
}

/** A filter with a name, kept in this browser. */
export interface SavedView {
  name: string;
  filter: Filter;
}

const KEPT_AS = "views of the queue";
const MOST = 20;

/** The rows that fit. By `slack` the cases come first that leave the least time beyond what they are likely to take. */
export function chosenRows(rows: readonly QueueRow[], filter: Filter, snoozed: ReadonlySet<string>): readonly QueueRow[] {
  const wanted = filter.text.trim().toLowerCase();
  if (!wanted && filter.order === "left" && !snoozed.size) return rows;
  const fitting = rows.filter((row) => !snoozed.has(row.id) && (!wanted || words(row).includes(wanted)));
  return filter.order === "slack" ? fitting.sort((one, other) => slack(one) - slack(other)) : fitting;
}

/** Whether the filter needs every row of the view, and not only those that were scrolled to. */
export function needsAll(filter: Filter): boolean {
  return filter.order === "slack" || filter.text.trim() !== "";
}

export function savedViews(): SavedView[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "[]") as SavedView[];
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** Keep a view under its name, in place of one that had it; the oldest go once there are too many. */
export function saveView(view: SavedView): SavedView[] {
  return keep([...savedViews().filter((one) => one.name !== view.name), view].slice(-MOST));
}

export function dropView(name: string): SavedView[] {
  return keep(savedViews().filter((one) => one.name !== name));
}

function keep(views: SavedView[]): SavedView[] {
  localStorage.setItem(KEPT_AS, JSON.stringify(views));
  return views;
}

// A clock that stands has all the time there is. All rows were read at the same instant, so what is left now orders
// them as well as what was left then.
function slack({ urgent, reckoning, effort_seconds }: QueueRow): number {
  const left = reckoning.due_at == null ? Infinity : reckoning.remaining_seconds - effort_seconds;
  return urgent ? left - 1e6 : left;
}

function words(row: QueueRow): string {
  const { number, identifier, make, model, holder } = row;
  return [number, identifier, identifier.replaceAll(" ", ""), make, model, holder?.display_name]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
}
