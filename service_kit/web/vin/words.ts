/** What a VIN says, and what does not agree with it, in the words of the reader's language. */

import t from "$messages/kit/vin";

type Said = ReturnType<typeof t>;
type Params = Readonly<Record<string, string>>;

interface Told<Code> {
  code: Code;
  params: Params;
}

/** A conclusion of the server's, with its grounds. */
export function conclusion({ code, params }: Told<keyof Said["conclusions"]>): string {
  const plant = params["plant"] as keyof Said["plants"] | undefined;
  return filled(t().conclusions[code], plant ? { plant: t().plants[plant] } : params);
}

/** What of a claim does not agree, in one line. */
export function doubt({ code, params }: Told<keyof Said["doubts"]>): string {
  return filled(t().doubts[code], params);
}

/** Numbers come as text, and what counts is told in forms of the plural. */
function filled(message: string | ((values: never) => string), params: Params): string {
  if (typeof message === "string") return message;
  const values = Object.entries(params).map(([name, value]) => [name, COUNTED.has(name) ? Number(value) : value]);
  return message(Object.fromEntries(values) as never);
}

const COUNTED: ReadonlySet<string> = new Set(["support", "percent"]);
