/** The roles, and what several of them may alike, as the server's `experts/domain.py` and `cases/core/domain.py` say. */

import type { Schemas } from "./api/client";

type Role = Schemas["Role"];

export const ROLES: readonly Role[] = ["expert", "senior", "shift_lead", "bpa_admin", "auditor"];

const among = (roles: readonly Role[]) => (role: Role | undefined) => role !== undefined && roles.includes(role);

export const takesCases = among(["expert", "senior"]);
/** Who amends answers, and so looks at what is disputed. */
export const amends = among(["senior"]);
export const oversees = among(["shift_lead", "bpa_admin", "auditor"]);
export const leads = among(["shift_lead", "bpa_admin"]);
export const curates = among(["senior", "bpa_admin"]);
