/** The report as it would be, for what is chosen: never what another choice gave, and never an old one beside an error. */

import type { Presented } from "$kit/report/presented";
import { words } from "$kit/ui/errors";
import type { Schemas } from "../../api/client";

export interface Asked {
  body: Schemas["ReportDraftIn"];
  reader: "buyer" | "seller" | "partner";
  /** Without one it is that of the client. */
  language?: "ru" | "en" | undefined;
}

export class Previewed {
  presented = $state.raw<Presented>();
  problem = $state("");
  isComing = $state(true);
  private asked: Asked | undefined;

  constructor(private readonly fetch: (asked: Asked) => Promise<Presented>) {}

  /** Other words of the same choice are read until the new report is here. Returns it, unless something newer is asked for. */
  async look(asked: Asked): Promise<Presented | undefined> {
    const before = this.asked;
    if (before && (before.reader !== asked.reader || before.language !== asked.language)) this.presented = undefined;
    this.asked = asked;
    this.problem = "";
    this.isComing = true;
    let found: Presented | undefined;
    let problem = "";
    try {
      found = await this.fetch(asked);
    } catch (error) {
      problem = words(error);
    }
    if (this.asked !== asked) return undefined;
    [this.presented, this.problem, this.isComing] = [found, problem, false];
    return found;
  }
}
