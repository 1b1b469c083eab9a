/** The cabinet's API with its types, from its OpenAPI contract. */

import createClient from "openapi-fetch";
import { send } from "$kit/api/http";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Inspection = Schemas["InspectionOut"];
export type InspectionRow = Schemas["InspectionRow"];
export type Evidence = Schemas["EvidenceOut"];
export type InfoTask = Schemas["InfoTaskOut"];
export type Decision = Schemas["DecisionOut"];
export type Reading = Schemas["ReadingOut"];
export type Shot = Schemas["Shot"];
export type ShotAnswer = Schemas["ShotAnswer"];
export type RefusalReason = Schemas["RefusalReason"];
export type IdentifierKind = Schemas["IdentifierKind"];
export type Deal = Schemas["Deal"];
export type AnswerProved = Schemas["AnswerProved"];
export type State = Schemas["InspectionState"];

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });
