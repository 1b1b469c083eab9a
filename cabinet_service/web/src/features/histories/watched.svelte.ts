/** An ordered history on the screen: looked after while it is made, and its report kept on the phone. */

import { locale, type Language } from "$kit/i18n/language.svelte";
import { stream } from "$kit/api/stream.svelte";
import { coalesced } from "$kit/coalesce";
import { session } from "../../api/session.svelte";
import { keep, recall } from "../../drafts/kept";
import type { Told } from "../report/reports";
import { ordered, reportOf, type Ordered } from "./histories";

/** How soon it is asked again how far the sources are, in milliseconds. */
const PAUSE = 2000;

export class WatchedHistory {
  /** The language of the report, which may be another than that of the app. */
  language = $state<Language>(locale.language);
  order = $state.raw<Ordered>();
  told = $state.raw<Told>();
  /** When what is shown was true; set where it is what was kept on the phone. */
  asOf = $state.raw<Date>();
  error = $state.raw<unknown>();

  private later: ReturnType<typeof setTimeout> | undefined;
  private watched = false;

  constructor(readonly id: string) {}

  watch(): () => void {
    this.watched = true;
    void this.look();
    const deaf = stream.listen((hint) => {
      if (!hint || hint.subject_id === this.id) void this.look();
    });
    return () => {
      this.watched = false;
      clearTimeout(this.later);
      deaf();
    };
  }

  speak(language: Language): void {
    this.language = language;
    void this.look();
  }

  readonly look = coalesced(() => this.fetch());

  private async fetch(): Promise<void> {
    const { id, language } = this;
    const whose = session.account;
    clearTimeout(this.later);
    try {
      this.order = await ordered(id);
      if (this.order.made_at === null) {
        this.error = undefined;
        if (this.watched) this.later = setTimeout(() => void this.look(), PAUSE);
        return;
      }
      if (this.told?.presented.language !== language || this.asOf) {
        const told = await reportOf(id, language);
        if (this.language !== language || session.account !== whose) return;
        this.told = told;
        if (whose !== undefined) await keep(whose, keptAs(id, language), told);
      }
      this.asOf = this.error = undefined;
    } catch (error) {
      this.error = error;
      if (whose === undefined || this.told?.presented.language === language) return;
      const kept = await recall(whose, keptAs(id, language));
      if (!kept || session.account !== whose) return;
      this.told = kept.told as Told;
      this.asOf = new Date(kept.at);
    }
  }
}

const keptAs = (id: string, language: string): string => `history ${id} ${language}`;
