/** What the server remarks on of a row, in words. */

import t from "$messages/bulk/remarks";
import type { Remark } from "./bulk";

/** The remark in the reader's language; one that a newer server makes is told by what it means for the row. */
export function inWords({ code, params, severity }: Remark): string {
  const known: Partial<Record<string, string | ((values: never) => string)>> = t();
  const message = known[code] ?? t()[severity === "error" ? "other_error" : "other_info"];
  return typeof message === "string" ? message : message(params as never);
}
