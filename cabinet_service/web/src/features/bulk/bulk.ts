/** Lists of cars as the server reads and orders them. */

import { sendForJson } from "$kit/api/http";
import { once, unwrap } from "$kit/api/unwrap";
import { api, type Schemas } from "../../api/client";

export type Sheet = Schemas["SheetOut"];
export type Field = Schemas["SheetField"];
export type Row = Schemas["BulkRowIn"];
export type Check = Schemas["BulkCheckOut"];
export type CheckedRow = Schemas["BulkCheckedRowOut"];
export type Remark = Schemas["BulkRemarkOut"];
export type Job = Schemas["BulkJobOut"];
export type JobRow = Schemas["BulkRowOut"];
export type Allowance = Schemas["AllowanceOut"];
type List = Schemas["BulkIn"];

/** A workbook takes its time over a line of a phone, and so does a list of a thousand cars. */
const PATIENCE = 120_000;
const MOST_NAME = 200;
/** What the server takes; a phone may call a table anything else. */
const TABLE = /^(text\/|application\/(csv|vnd\.(ms-excel|openxmlformats)))/;

/** What stands in a table: a file, or cells that were pasted. */
export function readSheet(table: Blob, sheet?: string): Promise<Sheet> {
  const type = TABLE.test(table.type) ? table.type : "application/octet-stream";
  const address = `/api/v1/bulk-sheets${sheet === undefined ? "" : `?sheet=${encodeURIComponent(sheet)}`}`;
  return sendForJson(new Request(address, { method: "POST", headers: { "Content-Type": type }, body: table }), PATIENCE);
}

export const check = (list: List): Promise<Check> => unwrap(api.POST("/api/v1/bulk-jobs/check", { body: list }));

/** A list that is sent again because its answer got lost makes one job. */
export const order = (list: List, key: string): Promise<Job> =>
  unwrap(api.POST("/api/v1/bulk-jobs", { params: { header: once(key) }, body: list }));

export const jobsOf = async (company_id: string): Promise<readonly Job[]> =>
  (await unwrap(api.GET("/api/v1/bulk-jobs", { params: { query: { company_id, limit: 20 } } }))).items;

/** The columns of a sheet as they are told with a job; their names as long as the server takes them. */
export const columnsOf = (sheet: Sheet, fields: readonly (Field | null)[]): Schemas["BulkColumnIn"][] =>
  sheet.columns.map(({ name }, at) => ({ name: name?.slice(0, MOST_NAME) ?? null, field: fields[at] ?? null }));

export const job = (job_id: string): Promise<Job> =>
  unwrap(api.GET("/api/v1/bulk-jobs/{job_id}", { params: { path: { job_id } } }));

export const rowsOf = (job_id: string, cursor: string | null): Promise<Schemas["PageOf_BulkRowOut"]> =>
  unwrap(api.GET("/api/v1/bulk-jobs/{job_id}/rows", { params: { path: { job_id }, query: { limit: 200, cursor } } }));

export const resultOf = (job_id: string): string => `/api/v1/bulk-jobs/${job_id}/result.csv`;

/** What is left of the month, for the company and for the branch. */
export async function left(company_id: string, branch_id: string | null): Promise<readonly Allowance[]> {
  const params = { path: { company_id }, query: { branch_id } };
  return (await unwrap(api.GET("/api/v1/companies/{company_id}/allowance", { params }))).allowances;
}
