/** Whether a report is genuine: by the code that stands on it, or by the file itself. */

import { sendForJson } from "$kit/api/http";

/** What the server says of it, and of the car nothing. */
export type Standing = "genuine" | "changed" | "replaced" | "erased" | "unknown";

export interface Verified {
  state: Standing;
  /** Which version it is, and of when; nothing where that cannot be said. */
  version?: number | null;
  made_at?: string | null;
  replaced_at?: string | null;
}

const WHERE = "/api/v1/verify";
const LENGTH = 20;
const GROUP = 4;
/** Letters that the codes do not have, and what somebody who types one has read. */
const MISREAD: Readonly<Record<string, string>> = { I: "1", L: "1", O: "0", О: "0", В: "B", Е: "E", К: "K", М: "M", Н: "H", Р: "P", С: "C", Т: "T", Х: "X", А: "A" };

/** As it is typed: in capitals, in groups, and as far as it goes; what cannot be in a code goes. */
export function grouped(text: string): string {
  return (plain(text).match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join("-");
}

/** The code alone; empty where what was typed cannot be one. */
export function codeIn(text: string): string {
  const code = plain(text);
  return code.length === LENGTH ? code : "";
}

function plain(text: string): string {
  const read = [...text.toUpperCase()].map((letter) => MISREAD[letter] ?? letter).join("");
  return read.replace(/[^0-9A-HJKMNP-TV-Z]/g, "").slice(0, LENGTH);
}

export function verifiedByCode(code: string): Promise<Verified> {
  return sendForJson(new Request(`${WHERE}/${encodeURIComponent(code)}`));
}

export function verifiedByFile(file: Blob): Promise<Verified> {
  const headers = { "Content-Type": "application/pdf" };
  return sendForJson(new Request(WHERE, { method: "POST", headers, body: file }), PATIENCE);
}

/** A file of some megabytes, on a phone. */
const PATIENCE = 120_000;
