/** Autodetective, as a partner's key opens it. */

import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type { components, paths } from "./schema.js";
export type Schemas = components["schemas"];

/** A client of the installation at `url`, which calls with this key. */
export function connect(url: string, key: string): Client<paths> {
  return createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });
}
