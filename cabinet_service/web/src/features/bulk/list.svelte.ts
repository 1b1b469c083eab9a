/**
 * A list of cars on its way to an order: the table that was read, what its columns are, and its rows. It is kept on
 * the phone with each change, for whoever is interrupted; the server keeps nothing of it before it is ordered.
 */

import { newId } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import type { Schemas } from "../../api/client";
import { forget, keep, recall } from "../../drafts/kept";
import { whose } from "../company/whose";
import { check, columnsOf, jobsOf, order, readSheet, type Check, type Field, type Job, type Row, type Sheet } from "./bulk";

const KEPT_AS = "list of cars";

interface Kept {
  company: string;
  branch: string | null;
  label: string;
  sheet: Sheet | undefined;
  fields: readonly (Field | null)[];
  rows: readonly Row[] | undefined;
  checked: Check | undefined;
  key: string;
}

export class CarList {
  company = $state("");
  branch = $state<string | null>(null);
  /** What it is called: as the file was. */
  label = $state("");
  sheet = $state.raw<Sheet>();
  /** What each column is. */
  fields = $state.raw<readonly (Field | null)[]>([]);
  /** The cars, once the columns are agreed upon. */
  rows = $state.raw<readonly Row[]>();
  /** How the server reads them; undefined as long as it has not said. */
  checked = $state.raw<Check>();
  /** Whether `checked` is of these very rows. */
  isChecked = $state(false);
  busy = $state(false);
  error = $state.raw<unknown>();
  /** The table itself, of which other sheets can be read. */
  private table: Blob | undefined;
  /** Makes ordering safe to repeat; another list is another order. */
  private key = newId();

  get step(): "take" | "columns" | "rows" {
    return this.rows ? "rows" : this.sheet ? "columns" : "take";
  }

  /** Whether a column is told in which the number of the car stands. */
  get hasNumber(): boolean {
    return this.fields.includes("identifier") || this.fields.includes("plate");
  }

  /** Whether another sheet of the same file can be read. */
  get canChooseSheet(): boolean {
    return this.table !== undefined && (this.sheet?.sheets.length ?? 0) > 1;
  }

  /** Go on where somebody was interrupted; `isMine` says of a company whether they work there still. */
  async restore(isMine: (company: string) => boolean): Promise<void> {
    const owner = whose();
    const kept = owner === undefined ? undefined : await recall(owner, KEPT_AS);
    const told = kept?.told as Kept | undefined;
    if (!told || this.sheet || !isMine(told.company)) return;
    ({ company: this.company, branch: this.branch, label: this.label, sheet: this.sheet, fields: this.fields } = told);
    ({ rows: this.rows, checked: this.checked, key: this.key } = told);
    if (this.rows) void this.look();
  }

  async take(table: Blob, label: string, sheet?: string): Promise<void> {
    await this.attempt(async () => {
      const read = await readSheet(table, sheet);
      [this.table, this.label, this.sheet] = [table, label, read];
      this.fields = (await this.remembered(read)) ?? read.columns.map(({ field }) => field);
      this.changed();
    });
  }

  async chooseSheet(name: string): Promise<void> {
    if (this.table) await this.take(this.table, this.label, name);
  }

  /** A column is `field`, and no other one is. */
  choose(column: number, field: Field | null): void {
    this.fields = this.fields.map((one, at) => (at === column ? field : field !== null && one === field ? null : one));
    this.changed();
  }

  agree(): void {
    this.rows = this.sheet?.rows.map(({ row, cells }) => {
      const said = this.fields.flatMap((field, at) => (field && cells[at] ? [[field, cells[at]] as const] : []));
      return { row, again: false, as_seen: false, ...Object.fromEntries(said) };
    });
    this.checked = undefined;
    this.changed();
    void this.look();
  }

  place(company: string, branch: string | null): void {
    if (company === this.company && branch === this.branch) return;
    [this.company, this.branch] = [company, branch];
    if (this.sheet) this.changed();
    if (this.rows) void this.look();
  }

  /** Row `at` is another one from now on, or left out. */
  change(at: number, row: Row | undefined): void {
    this.rows = this.rows?.flatMap((one, place) => (place === at ? (row ? [row] : []) : [one]));
    // What was said of the other rows stays in its place until all are looked at again.
    if (!row && this.checked) {
      const rows = this.checked.rows.filter((_, place) => place !== at);
      this.checked = { ...this.checked, rows };
    }
    this.changed();
    if (this.rows?.length) void this.look();
    else this.back();
  }

  /** To the step before. */
  back(): void {
    if (this.rows) [this.rows, this.checked] = [undefined, undefined];
    else this.sheet = this.table = undefined;
    this.error = undefined;
    this.changed();
  }

  /** Have the server look at every row. */
  readonly look = coalesced(() =>
    this.attempt(async () => {
      const { company, branch, rows } = this;
      if (!rows) return;
      const checked = await check({ company_id: company, branch_id: branch, rows: [...rows] });
      // Meanwhile somebody has changed a row, or the place: that is looked at next.
      if (rows !== this.rows || company !== this.company || branch !== this.branch) return;
      this.checked = checked;
      this.isChecked = true;
      this.keep();
    }),
  );

  /** Order it; undefined where that failed. */
  async order(): Promise<Job | undefined> {
    let made: Job | undefined;
    await this.attempt(async () => {
      const body = { company_id: this.company, branch_id: this.branch, label: this.label || null, rows: [...(this.rows ?? [])], columns: this.columns };
      made = await order(body, this.key);
      const owner = whose();
      if (owner !== undefined) await forget(owner, KEPT_AS);
    });
    return made;
  }

  /** What the columns were last, in a list of this company whose columns were called the same. */
  private async remembered(sheet: Sheet): Promise<(Field | null)[] | undefined> {
    const names = columnsOf(sheet, []).map(({ name }) => name);
    if (names.every((name) => name === null)) return undefined;
    // Without them it is read as the server takes it.
    const jobs = await jobsOf(this.company).catch(() => []);
    const alike = jobs.find(({ columns }) => columns?.length === names.length && columns.every(({ name }, at) => name === names[at]));
    return alike?.columns?.map(({ field }) => field);
  }

  private get columns(): Schemas["BulkColumnIn"][] | null {
    return this.sheet ? columnsOf(this.sheet, this.fields) : null;
  }

  private changed(): void {
    this.key = newId();
    this.isChecked = false;
    this.keep();
  }

  private keep(): void {
    const owner = whose();
    if (owner === undefined) return;
    const { company, branch, label, sheet, fields, rows, checked, key } = this;
    if (sheet) void keep(owner, KEPT_AS, { company, branch, label, sheet, fields, rows, checked, key } satisfies Kept);
    else void forget(owner, KEPT_AS);
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    [this.busy, this.error] = [true, undefined];
    try {
      await act();
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }
}
