/** An error in words for people. */

import t from "$messages/kit/errors";
import { Offline, Problem } from "../api/problem";

/** What people entered cannot be read: the server says so in the words of programs. */
const MALFORMED = new Set([
  "malformed_request",
  "forbidden_character",
]);
/** What the app itself got wrong: there is nothing that a person could mend. */
const OURS = new Set([
  "bad_upload_header",
  "checksum_not_offered",
  "invalid_json",
  "tus_version",
  "upload_checksum",
  "upload_not_offered",
]);

export function words(error: unknown): string {
  if (error instanceof Offline) return t().offline;
  return error instanceof Problem ? saidOf(error.code, error.detail) : t().unknown;
}

/** A refusal of the server, by its code and its own words. */
export function saidOf(code: string, detail: string): string {
  if (MALFORMED.has(code)) return t().malformed;
  return OURS.has(code) ? t().unknown : detail || t().unknown;
}
