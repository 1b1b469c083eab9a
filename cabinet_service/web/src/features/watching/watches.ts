/** Which cars one watches, each by an inspection of it. */

import { unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";

export type Watch = Schemas["WatchOut"];

const of = (inspection_id: string) => ({ params: { path: { inspection_id } } });

export const all = (): Promise<readonly Watch[]> => unwrap(api.GET("/api/v1/watches"));
export const watchOf = (id: string): Promise<Watch | null> => unwrap(api.GET("/api/v1/inspections/{inspection_id}/watch", of(id)));
export const begin = (id: string): Promise<Watch> => unwrap(api.PUT("/api/v1/inspections/{inspection_id}/watch", of(id)));

export async function end(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/v1/inspections/{inspection_id}/watch", of(id)));
}
