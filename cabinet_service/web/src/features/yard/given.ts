/** The links to a car that one gives. */

import { sendOrRaise } from "$kit/api/http";
import { newId, once, unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";

export type Given = Schemas["YardLinkOut"];
export type Wish = Required<Schemas["YardLinkIn"]>;

const PATH = "/api/v1/inspections/{inspection_id}/yard-links";

export function linksOf(inspection_id: string): Promise<readonly Given[]> {
  return unwrap(api.GET(PATH, { params: { path: { inspection_id } } }));
}

export function give(inspection_id: string, wish: Wish, key: string): Promise<Given> {
  return unwrap(api.POST(PATH, { params: { path: { inspection_id }, header: once(key) }, body: wish }));
}

export function giveAnew(inspection_id: string, link_id: string, key: string): Promise<Given> {
  const params = { path: { inspection_id, link_id }, header: once(key) };
  return unwrap(api.POST(`${PATH}/{link_id}/renewal`, { params }));
}

export async function revoke(inspection_id: string, link_id: string): Promise<void> {
  const address = `/api/v1/inspections/${inspection_id}/yard-links/${link_id}`;
  await sendOrRaise(new Request(address, { method: "DELETE", headers: once(newId()) }));
}
