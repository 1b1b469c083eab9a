/**
 * What stands on the photos of a case: what the reader proposes, what experts accepted, and how it compares, which the
 * server says. What is accepted counts on the screen at once, and one after the other on the server.
 */

import { stream } from "$kit/api/stream.svelte";
import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { words } from "$kit/ui/errors";
import { api, type Evidence, type Place, type Region, type Schemas } from "../../api/client";
import { READING_PROPOSED } from "../../hints";
import type { WatchedCase } from "./watched.svelte";

export type Readings = Schemas["ReadingsOut"];
export type ReadingOfPhoto = Schemas["ReadingOfPhoto"];
export type Comparison = Schemas["ReadingsComparison"];
export type Row = Schemas["ComparedRow"];
export type Candidate = Schemas["ReadNumber"];
type Said = Schemas["ReadingIn"];

/** Hints of these kinds say that something stands there, or that there is a photo more. */
const KINDS = new Set([READING_PROPOSED, "case.reading_accepted", "case.reading_withdrawn", "case.evidence_added", "case.original_received", "case.erased"]);

export class PhotoReadings {
  /** What was not taken, in words, and of which photo. */
  problem = $state.raw<{ of: string; text: string }>();
  /** What kept the newest attempt to look from succeeding. */
  error = $state.raw<unknown>();
  private all = $state.raw<Readings>();
  /** The photos of which something is on its way to the server: what was said, or null where it was taken back. */
  private said = $state.raw<ReadonlyMap<string, Said | null>>(new Map());
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly watched: WatchedCase) {}

  /** Keep it fresh until the function that is returned is called. */
  watch(): () => void {
    void this.look();
    return stream.listen((hint) => {
      if (!hint || (hint.subject_id === this.watched.id && KINDS.has(hint.kind))) void this.look();
    });
  }

  /** Look once more, and so have the reader asked again for what failed. */
  readonly look = coalesced(() => this.fetch());

  /** What is said of the photo; nothing while that is not known. */
  of(photo: Evidence | undefined): ReadingOfPhoto | undefined {
    return this.all?.photos.find((one) => one.evidence_id === photo?.evidence_id);
  }

  /** What counts of the photo; null for nothing. What is on its way counts. */
  acceptedOf(photo: Evidence | undefined): { text: string; region: Region | null } | null {
    const said = this.said.get(photo?.evidence_id ?? "");
    if (said !== undefined) return said && { text: said.text, region: said.region ?? null };
    const reading = this.of(photo)?.reading;
    return reading ? { text: reading.text ?? "", region: reading.region } : null;
  }

  /** What the reader is surest of, as long as nobody has said anything of the photo. */
  proposedFor(photo: Evidence | undefined): Candidate | undefined {
    return this.acceptedOf(photo) ? undefined : this.of(photo)?.proposal?.candidates[0];
  }

  /** Where the number stands on the photo, if that is known. */
  regionOf(photo: Evidence | undefined): Region | undefined {
    return this.acceptedOf(photo)?.region ?? this.of(photo)?.proposal?.candidates[0]?.region;
  }

  /** The number of the photo under those of the others, and what the client says. */
  comparisonOf(photo: Evidence | undefined): Comparison | undefined {
    const of = this.of(photo);
    return of?.comparison ?? this.all?.comparisons.find((one) => one.group === of?.group);
  }

  /** The photos on which one number of the body was accepted, each with its place; none if any, or the client, says otherwise. */
  get agreeing(): Place[] {
    const body = this.all?.comparisons.find((one) => one.group === "body");
    if (!body || body.rows.some((row) => row.differs.length || row.is_other_length)) return [];
    return body.rows.flatMap(({ evidence_id }) => {
      const reading = this.all?.photos.find((one) => one.evidence_id === evidence_id)?.reading;
      return evidence_id ? [{ evidence_id, region: reading?.region ?? null }] : [];
    });
  }

  /** Say what stands there. Returns how to undo that. */
  accept({ evidence_id }: Evidence, said: Said): () => Promise<void> {
    const before = this.all?.photos.find((one) => one.evidence_id === evidence_id)?.reading;
    this.send(evidence_id, said);
    return () => {
      const was: Said | null = before?.text ? { text: before.text, accepted_from: before.accepted_from ?? "typed", region: before.region, kind: before.kind } : null;
      this.send(evidence_id, was);
      return this.settled();
    };
  }

  /** Once the server has all that was said, or has refused it. */
  async settled(): Promise<void> {
    await this.turn;
  }

  private send(id: string, said: Said | null): void {
    this.problem = undefined;
    this.said = new Map([...this.said, [id, said]]);
    this.turn = this.turn.then(async () => {
      const seen = this.all?.photos.find((one) => one.evidence_id === id)?.version ?? 0;
      const params = { path: { case_id: this.watched.id, evidence_id: id }, header: { "If-Match": `"${seen}"` } };
      try {
        const path = "/api/v1/cases/{case_id}/evidence/{evidence_id}/reading";
        this.all = await unwrap(said ? api.PUT(path, { params, body: said }) : api.DELETE(path, { params }));
      } catch (error) {
        this.problem = { of: id, text: words(error) };
        await this.look();
      }
      await this.watched.look();
      if (this.said.get(id) === said) this.said = new Map([...this.said].filter(([other]) => other !== id));
    });
  }

  private async fetch(): Promise<void> {
    try {
      this.all = await unwrap(api.GET("/api/v1/cases/{case_id}/readings", { params: { path: { case_id: this.watched.id } } }));
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  }
}
