/** Reports by a link: whoever has it reads, without a sign-in. */

import { sendForJson, sendOrRaise } from "$kit/api/http";
import { Problem } from "$kit/api/problem";
import type { Logo, Presented } from "$kit/report/presented";

export interface SharedReport {
  presented: Presented;
  logo: Logo | null;
  version: number;
  is_newest: boolean;
  newest_version: number;
  replaced_at: string | null;
  read_before: number | null;
  versions: readonly { version: number; made_at: string }[];
  expires_at: string;
}

export interface SharedState {
  newest_version: number;
  made_at: string;
  expires_at: string;
}

/** The secret of a link: it stands behind the #, which no server sees. Nothing where there is none. */
export function tokenIn(hash: string): string | undefined {
  return /^#([\w-]{16,64})$/.exec(hash)?.[1];
}

/** What becomes of the page: a code is asked for, the link shows nothing any more, or only this was not to be had. */
export function standingOf(error: unknown): "code" | "closed" | "failed" | undefined {
  if (error === undefined) return undefined;
  const code = error instanceof Problem ? error.code : "";
  if (code === "share_code_required" || code === "share_code_wrong") return "code";
  return code.startsWith("share_") && !code.startsWith("share_code_") ? "closed" : "failed";
}

const under = (token: string): string => `/api/v1/shared/${token}`;

export function sharedReport(token: string, asked: { version?: number | undefined; language?: string | undefined }): Promise<SharedReport> {
  const query = new URLSearchParams({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  if (asked.version !== undefined) query.set("version", String(asked.version));
  if (asked.language !== undefined) query.set("language", asked.language);
  return sendForJson(new Request(`${under(token)}?${query}`));
}

export function sharedState(token: string): Promise<SharedState> {
  return sendForJson(new Request(`${under(token)}/state`));
}

export async function enterCode(token: string, code: string): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  await sendOrRaise(new Request(`${under(token)}/code`, { method: "POST", headers, body: JSON.stringify({ code }) }));
}

export function sharedPhoto(token: string, evidenceId: string): string {
  return `${under(token)}/photos/${evidenceId}`;
}
