/** The addresses of a company that are told what happens to its inspections. */

import { api, type Schemas } from "../../api/client";
import { newId, once, unwrap } from "$kit/api/unwrap";

export type Webhook = Schemas["WebhookOut"];
export type WebhookMade = Schemas["WebhookMade"];
export type WebhookType = Schemas["WebhookType"];
export type Delivery = Schemas["WebhookDeliveryOut"];
export type DeliveryDetail = Schemas["WebhookDeliveryDetail"];
export type Page = Schemas["PageOf_WebhookDeliveryOut"];

/** What an address can be told of: everything but the test, which is asked for. */
export const TYPES = [
  "inspection.submitted",
  "inspection.queued",
  "inspection.answered",
  "inspection.amended",
  "inspection.ended",
  "info_task.created",
  "info_task.closed",
  "clock.changed",
  "dispute.opened",
  "dispute.closed",
  "report.ready",
] as const satisfies readonly WebhookType[];

const ALL = "/api/v1/companies/{company_id}/webhooks";
const ONE = `${ALL}/{endpoint_id}` as const;

const of = (company: string): { params: { path: { company_id: string } } } => ({ params: { path: { company_id: company } } });
const at = (one: Webhook): { path: { company_id: string; endpoint_id: string } } => ({
  path: { company_id: one.company_id, endpoint_id: one.id },
});

export function webhooksOf(company: string): Promise<readonly Webhook[]> {
  return unwrap(api.GET(ALL, of(company)));
}

export function create(company: string, url: string, events: WebhookType[], key: string): Promise<WebhookMade> {
  return unwrap(api.POST(ALL, { params: { ...of(company).params, header: once(key) }, body: { url, events } }));
}

export function turn(one: Webhook, enabled: boolean): Promise<Webhook> {
  return unwrap(api.PATCH(ONE, { params: at(one), body: { enabled } }));
}

export async function remove(one: Webhook): Promise<void> {
  await unwrap(api.DELETE(ONE, { params: at(one) }));
}

export function rotate(one: Webhook, hours: number, key: string): Promise<WebhookMade> {
  return unwrap(api.POST(`${ONE}/secret-rotations`, { params: { ...at(one), header: once(key) }, body: { overlap_hours: hours } }));
}

export async function test(one: Webhook): Promise<void> {
  await unwrap(api.POST(`${ONE}/tests`, { params: { ...at(one), header: once(newId()) } }));
}

export function deliveriesOf(one: Webhook, cursor?: string): Promise<Page> {
  return unwrap(api.GET(`${ONE}/deliveries`, { params: { ...at(one), query: { limit: 20, cursor: cursor ?? null } } }));
}

export function deliveryOf(one: Webhook, event: string): Promise<DeliveryDetail> {
  const path = { ...at(one).path, event_id: event };
  return unwrap(api.GET(`${ONE}/deliveries/{event_id}`, { params: { path } }));
}

export async function replay(one: Webhook, event: string): Promise<void> {
  const path = { ...at(one).path, event_id: event };
  await unwrap(api.POST(`${ONE}/deliveries/{event_id}/replays`, { params: { path, header: once(newId()) } }));
}

/** What failed or was skipped in the last days is sent again; how many notices that are, of 1,000 at most. */
export async function replayMissed(one: Webhook, days: number): Promise<number> {
  const until = new Date();
  const since = new Date(until.getTime() - days * 86_400_000);
  const states: ("failed" | "skipped")[] = ["failed", "skipped"];
  const body = { since: since.toISOString(), until: until.toISOString(), states };
  const said = await unwrap(api.POST(`${ONE}/replays`, { params: { ...at(one), header: once(newId()) }, body }));
  return said.count;
}
