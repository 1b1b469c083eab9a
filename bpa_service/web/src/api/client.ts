/** bpa's API with its types, from its OpenAPI contract. */

import createClient from "openapi-fetch";
import { send } from "$kit/api/http";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Case = Schemas["CaseOut"];
export type QueueRow = Schemas["QueueRow"];
export type Evidence = Schemas["EvidenceRef"];
export type Exemplar = Schemas["ExemplarOut"];
export type Decision = Schemas["DecisionOut"];
export type Finding = Schemas["FindingOut"];
export type InfoTask = Schemas["InfoTaskOut"];
export type Place = Schemas["PlaceOnEvidence"];
export type Region = NonNullable<Place["region"]>;
export type Severity = Schemas["FindingSeverity"];
export type Verdict = Schemas["Verdict"];
export type Shot = Schemas["Shot"];
export type Act = Schemas["CaseOut"]["acts"][number];
export type State = Schemas["InspectionState"];
export type View = Schemas["View"];

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });
