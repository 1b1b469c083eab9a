/** Searches that were kept under a name: one's own, and those that colleagues share. The server keeps them. */

import { unwrap } from "$kit/api/unwrap";
import { coalesced } from "$kit/coalesce";
import { api, type Schemas } from "../../api/client";
import { Changeable } from "../../changeable.svelte";
import type { Asked } from "./asking";

export type KeptSearch = Schemas["SearchViewOut"];

export class Views extends Changeable {
  all = $state.raw<readonly KeptSearch[]>();

  override readonly look = coalesced(async () => {
    try {
      this.all = (await unwrap(api.GET("/api/v1/search/views"))).items;
    } catch (error) {
      this.error = error;
    }
  });

  /** Keep a search under a name, in place of what had it. Returns whether it is kept. */
  keep(name: string, asked: Asked, shared: boolean): Promise<boolean> {
    return this.change(() => this.put(name, asked, shared));
  }

  drop(view: KeptSearch): Promise<boolean> {
    return this.change(() => this.remove(view));
  }

  share(view: KeptSearch, shared: boolean): Promise<boolean> {
    return this.change(() => this.put(view.name, askedIn(view), shared));
  }

  /** The new name comes first: should the second step fail, there is one too many, and none is lost. */
  rename(view: KeptSearch, name: string): Promise<boolean> {
    return this.change(async () => {
      await this.put(name, askedIn(view), view.shared);
      await this.remove(view);
    });
  }

  private async put(name: string, { q, facets, since, until }: Asked, shared: boolean): Promise<void> {
    const query = { q, facets: [...facets], since: since || null, until: until || null };
    await unwrap(api.PUT("/api/v1/search/views", { body: { name, query, shared } }));
  }

  private async remove({ name, owner }: KeptSearch): Promise<void> {
    await unwrap(api.DELETE("/api/v1/search/views", { params: { query: { name, owner: owner.expert_id } } }));
  }
}

/** What a view asks, as the screen asks it. */
export function askedIn({ query }: KeptSearch): Asked {
  return { q: query.q, facets: query.facets, since: query.since ?? "", until: query.until ?? "" };
}
