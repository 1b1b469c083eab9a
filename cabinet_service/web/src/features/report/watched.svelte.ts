/** The report of an inspection on the screen: asked for, kept on the phone, and looked after for a newer version. */

import { locale, type Language } from "$kit/i18n/language.svelte";
import { passes, Problem } from "$kit/api/problem";
import { stream } from "$kit/api/stream.svelte";
import { coalesced } from "$kit/coalesce";
import type { Presented } from "$kit/report/presented";
import { session } from "../../api/session.svelte";
import { forget, keep, recall } from "../../drafts/kept";
import { forgetPicture, forgetPictures, keepPictures, pictureOf } from "../../drafts/pictures";
import { photoOf, photosIn, reportOf, versionsOf, type Told, type Version } from "./reports";

/** What the page shows of what was told. */
type Shown = Pick<Told, "presented" | "logo">;

/** With these the server says that a photo is not theirs, or not there: not where it asks who they are. */
const GONE = [403, 404, 410];

export class WatchedReport {
  /** The language of the report, which may be another than that of the app. */
  language = $state<Language>(locale.language);
  versions = $state.raw<readonly Version[]>([]);
  told = $state.raw<Shown>();
  /** When what is shown was true; set where it is what was kept on the phone. */
  asOf = $state.raw<Date>();
  error = $state.raw<unknown>();
  /** Whether the server has said what there is. */
  looked = $state(false);

  /** Which version was asked for; without one it is the newest. */
  private wanted = $state<number>();

  constructor(readonly id: string) {}

  get presented(): Presented | undefined {
    return this.told?.presented;
  }

  get newest(): Version | undefined {
    return this.versions.reduce<Version | undefined>((last, one) => (last && last.version > one.version ? last : one), undefined);
  }

  /** Whether another version or language was asked for than what is shown, and could not be had. */
  get missed(): boolean {
    const { presented, wanted } = this;
    if (!presented || this.error === undefined) return false;
    return presented.language !== this.language || (wanted !== undefined && presented.version !== wanted);
  }

  watch(): () => void {
    return stream.listen((hint) => {
      if (!hint || hint.subject_id === this.id) void this.look();
    });
  }

  /** Show that version; without one, whichever is the newest now. */
  show(version: number | undefined): void {
    this.wanted = version;
    void this.look();
  }

  speak(language: Language): void {
    this.language = language;
    void this.look();
  }

  readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    const { id, language } = this;
    const whose = session.account;
    try {
      const versions = await versionsOf(id);
      this.versions = versions;
      this.looked = true;
      if (whose !== undefined && session.account === whose) await keep(whose, listOf(id), versions);
      // A newer one is said to be there; what is being read stays.
      const version = this.wanted ?? this.presented?.version ?? this.newest?.version;
      if (version === undefined) return void (this.error = undefined);
      if (this.presented?.version !== version || this.presented.language !== language || this.asOf) {
        const told = await reportOf(id, version, language);
        if (this.language !== language || session.account !== whose) return;
        this.told = told;
        if (whose !== undefined) {
          await keep(whose, keptAs(id, version, language), told);
          void this.keepPhotos(whose, told.presented);
        }
      }
      this.asOf = this.error = undefined;
    } catch (error) {
      const isGone = error instanceof Problem && error.status === 404;
      if (isGone && whose !== undefined) await Promise.all([forget(whose, listOf(id)), forgetPictures(whose, id)]);
      else await this.recall();
      this.error = error;
    }
  }

  /** A photo of it that did not load: that of the phone, unless the server can be asked and says no. */
  async photo(photo: string): Promise<Blob | undefined> {
    const whose = session.account;
    if (whose === undefined) return undefined;
    try {
      return await photoOf(this.id, photo);
    } catch (error) {
      if (passes(error)) return pictureOf(whose, this.id, photo);
      if (!(error instanceof Problem)) throw error;
      if (GONE.includes(error.status)) await forgetPicture(whose, this.id, photo);
      return undefined;
    }
  }

  /** Whoever reads it waits for none of them, and those that are not to be had now are kept another time. */
  private async keepPhotos(whose: string, presented: Presented): Promise<void> {
    const fetched = (photo: string): Promise<Blob> => photoOf(this.id, photo);
    const isTheirs = (): boolean => session.account === whose;
    try {
      await keepPictures(whose, this.id, photosIn(presented), { fetched, isTheirs });
    } catch (error) {
      if (!passes(error) && !(error instanceof Problem)) throw error;
    }
  }

  /** Show what was kept, where nothing is shown yet, or nothing in this language. */
  private async recall(): Promise<void> {
    const whose = session.account;
    if (whose === undefined) return;
    if (!this.versions.length) this.versions = ((await recall(whose, listOf(this.id)))?.told as readonly Version[] | undefined) ?? [];
    const version = this.wanted ?? this.presented?.version ?? this.newest?.version;
    if (version === undefined || (this.presented?.version === version && this.presented.language === this.language)) return;
    const kept = await recall(whose, keptAs(this.id, version, this.language));
    const bare = kept ? undefined : await recall(whose, keptBare(this.id, version, this.language));
    const one = kept ?? bare;
    if (!one || session.account !== whose) return;
    this.told = kept ? (kept.told as Shown) : { presented: one.told as Presented, logo: null };
    this.asOf = new Date(one.at);
  }
}

const listOf = (id: string): string => `${id} reports`;
const keptAs = (id: string, version: number, language: string): string => `${id} told ${version} ${language}`;
/** So a report was kept before it had a logo: without anything around it. */
const keptBare = (id: string, version: number, language: string): string => `${id} report ${version} ${language}`;
