/** The grid that somebody laid over the number on a photo and accepted; it is theirs, and there again after a reload. */

import { words } from "$kit/ui/errors";
import type { Region } from "../../api/client";
import { keep, kept, placeOf } from "../../kept.svelte";
import { asked } from "./asking";
import { scaled, sizeOf, type Grid } from "./grid";
import { cutOut, type Cut } from "./pixels";
import type { Source } from "./sources";
import type { Figures } from "./values";

/** `of`: the photo's own SHA-256, for a grid says nothing of another photo. Corners are shares of what was cut out. */
interface Kept {
  of: string;
  region: Region;
  text: string;
  grid: Grid;
}

export class Laid {
  text = $state("");
  /** In pixels of `cut`; nothing until it was accepted. */
  grid = $state.raw<Grid>();
  acceptedAt = $state.raw<Date>();
  cut = $state.raw<Cut>();
  figures = $state.raw<readonly Figures[]>();
  problem = $state("");
  /** A grid was accepted, but on a photo that is not this one any more. */
  replaced = $state(false);
  private region: Region | undefined;
  private readonly place: string;
  private measuring = new AbortController();

  constructor(readonly source: Source) {
    this.place = placeOf(`grid of ${source.key}`);
    const found = kept<Kept>(this.place);
    if (!found) return;
    this.text = found.what.text;
    if (found.what.of !== source.of) {
      this.replaced = true;
      return;
    }
    void this.box(found.what.region).then(() => {
      if (!this.cut) return;
      const { width, height } = this.cut.pixels;
      this.take(scaled(found.what.grid, width, height), new Date(found.at));
    });
  }

  /** Each character that was read under the grid. */
  get letters(): string[] {
    return this.grid ? [...this.text] : [];
  }

  /** How many times wider than high the number is. */
  get aspect(): number {
    if (!this.grid) return 1;
    const { width, height } = sizeOf(this.grid.corners);
    return width / height;
  }

  /** Cut the number out of the photo. What went wrong is in `problem`. */
  async box(region: Region): Promise<void> {
    this.problem = "";
    try {
      this.cut = await cutOut(await this.source.url(), region);
      this.region = region;
    } catch (error) {
      this.problem = words(error);
    }
  }

  /** A person says that the grid lies as it should; only now anything is measured. */
  accept(grid: Grid, text: string): void {
    if (!this.cut || !this.region) return;
    this.text = text;
    this.replaced = false;
    const { width, height } = this.cut.pixels;
    keep(this.place, { of: this.source.of, region: this.region, text, grid: scaled(grid, 1 / width, 1 / height) } satisfies Kept);
    this.take(grid, new Date());
  }

  private take(grid: Grid, at: Date): void {
    if (!this.cut) return;
    [this.grid, this.acceptedAt, this.figures] = [grid, at, undefined];
    this.measuring.abort();
    this.measuring = new AbortController();
    asked({ picture: this.cut.grey, grid, text: this.text }, this.measuring.signal).then(
      ({ figures }) => (this.figures = figures),
      (error: unknown) => (this.problem = words(error)),
    );
  }
}
