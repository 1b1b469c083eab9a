/**
 * A list of cars on its way to an order: the table that was read, what its columns are, and its rows. It is kept on
 * the phone with each change, for whoever is interrupted; the server keeps nothing of it before it is ordered.
 */

import { newId } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import type { Schemas } from "../../api/client";
import { drafts } from "../../drafts/drafts.svelte";
import { forget, keepOwn, recall } from "../../drafts/kept";
import { Typed } from "../../drafts/typed";
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
  /** What the columns were when `rows` were made of them, whether a row was changed since, and which step is shown. */
  agreed?: readonly (Field | null)[];
  mended?: boolean;
  isAtColumns?: boolean;
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
  /** Cells that were pasted, or are about to be: there still for whoever comes back to them. */
  text = $state("");
  /** The cars, once the columns are agreed upon. Each is known by its number in the table. */
  rows = $state.raw<readonly Row[]>();
  /** How the server reads them; undefined as long as it has not said. */
  checked = $state.raw<Check>();
  /** Whether `checked` is of these very rows. */
  isChecked = $state(false);
  /** Whether somebody changed a car, or left one out: that is in no table. */
  mended = $state(false);
  busy = $state(false);
  error = $state.raw<unknown>();
  /** The table itself, of which other sheets can be read. */
  private table: Blob | undefined;
  /** Makes ordering safe to repeat; another list is another order. */
  private key = newId();
  /** What the columns were when the cars were made of them. */
  private agreed: readonly (Field | null)[] = [];
  /** The columns are looked at once more, and the cars wait. */
  private isAtColumns = $state(false);
  private unwritten = new Typed<Kept>(() => (drafts.full = true));

  get step(): "take" | "columns" | "rows" {
    return this.rows && !this.isAtColumns ? "rows" : this.sheet ? "columns" : "take";
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
    ({ agreed: this.agreed = told.fields, mended: this.mended = false, isAtColumns: this.isAtColumns = false } = told);
    if (this.rows) void this.look();
  }

  async take(table: Blob, label: string, sheet?: string): Promise<void> {
    await this.attempt(async () => {
      const read = await readSheet(table, sheet);
      [this.table, this.label, this.sheet] = [table, label, read];
      this.dropRows();
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

  /**
   * The columns are right: the cars are made of them. Where there were cars before, only what stands in another column
   * by now is read anew: all else that was mended stays, and who was left out stays out.
   */
  agree(): void {
    const { sheet, fields } = this;
    if (!sheet) return;
    const agreed = this.rows ? this.agreed : [];
    const moved = [...agreed, ...fields].filter((field): field is Field => field !== null && fields.indexOf(field) !== agreed.indexOf(field));
    const cells = new Map(sheet.rows.map((one) => [one.row, one.cells]));
    const told = ({ row = null }: Row): Partial<Row> => Object.fromEntries(moved.map((field) => [field, cells.get(row ?? 0)?.[fields.indexOf(field)] || null]));
    // What was said of how another number is to be read does not hold for this one.
    const unsaid = moved.includes("identifier") ? { identifier_kind: null, as_seen: false } : {};
    const rows: readonly Row[] = this.rows ?? sheet.rows.map(({ row }) => ({ row, again: false, as_seen: false }));
    if (moved.length || !this.rows) {
      this.rows = rows.map((row) => ({ ...row, ...unsaid, ...told(row) }));
      this.checked = undefined;
    }
    [this.agreed, this.isAtColumns] = [fields, false];
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
    if (this.rows?.length) this.mended = true;
    else this.dropRows();
    this.changed();
    if (this.rows) void this.look();
  }

  /** To the step before. From the cars nothing is lost; from the columns the table is, and the cars made of it. */
  back(): void {
    this.error = undefined;
    if (this.step === "rows") {
      this.isAtColumns = true;
      return this.keep();
    }
    this.dropRows();
    this.sheet = this.table = undefined;
    this.changed();
  }

  private dropRows(): void {
    this.rows = this.checked = undefined;
    this.mended = this.isAtColumns = false;
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
      this.write(undefined);
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
    const { company, branch, label, sheet, fields, rows, agreed, mended, isAtColumns, checked, key } = this;
    this.write(sheet && { company, branch, label, sheet, fields, rows, agreed, mended, isAtColumns, checked, key });
  }

  /** Nobody waits for it. A phone that has no room is asked until it has, and it is said meanwhile. */
  private write(list: Kept | undefined): void {
    const owner = whose();
    if (owner === undefined) return;
    const put = async (): Promise<void> => {
      if (!list) return forget(owner, KEPT_AS);
      await keepOwn(owner, KEPT_AS, list);
      drafts.full = false;
    };
    this.unwritten.during(KEPT_AS, list ?? {}, put).catch((error: unknown) => {
      if (!(error instanceof DOMException)) throw error;
      drafts.broken = true;
    });
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
