/** What was typed and is not on the disk yet. It is seen at once: a slow disk takes back no letter. */
export class Typed<Row extends object> {
  private pending = new Map<string, Partial<Row>>();

  /** The row of `key` as the person sees it. */
  over(key: string, row: Row): Row {
    const typed = this.pending.get(key);
    return typed ? { ...row, ...typed } : row;
  }

  /** Show `change` over the row of `key` until `write` has put it on the disk. */
  async during(key: string, change: Partial<Row>, write: () => Promise<unknown>): Promise<void> {
    const mine = { ...this.pending.get(key), ...change };
    this.pending.set(key, mine);
    try {
      await write();
    } finally {
      // Something newer waits for its own write.
      if (this.pending.get(key) === mine) this.pending.delete(key);
    }
  }
}
