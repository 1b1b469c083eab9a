import { isFull } from "./database";

const AGAIN_AFTER = 3_000;

/**
 * What was typed and is not on the disk yet. It is seen at once: a slow disk takes back no letter, and nor does a full
 * one, where it is written as soon as there is room.
 */
export class Typed<Row extends object> {
  private pending = new Map<string, Partial<Row>>();

  constructor(private readonly onfull: () => void) {}

  /** The row of `key` as the person sees it. */
  over(key: string, row: Row): Row {
    const typed = this.pending.get(key);
    return typed ? { ...row, ...typed } : row;
  }

  /** Show `change` over the row of `key` until `write` has put it on the disk, with `all` that waits beside it. */
  async during(key: string, change: Partial<Row>, write: (all: Partial<Row>) => Promise<unknown>): Promise<void> {
    const mine = { ...this.pending.get(key), ...change };
    this.pending.set(key, mine);
    for (;;) {
      try {
        await write(mine);
        break;
      } catch (error) {
        // Something newer has it with it, and waits for its own write.
        if (this.pending.get(key) !== mine) return;
        if (!isFull(error)) {
          this.pending.delete(key);
          throw error;
        }
        this.onfull();
        await new Promise((done) => setTimeout(done, AGAIN_AFTER));
        if (this.pending.get(key) !== mine) return;
      }
    }
    if (this.pending.get(key) === mine) this.pending.delete(key);
  }
}
