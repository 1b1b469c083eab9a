/** What the server keeps, and is changed here: after each change one looks at what there is now. */

export abstract class Changeable {
  /** What kept the last change from being made. */
  error = $state.raw<unknown>();

  abstract readonly look: () => Promise<void>;

  /** Returns whether it is made. */
  protected async change(what: () => Promise<unknown>): Promise<boolean> {
    this.error = undefined;
    try {
      await what();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    } finally {
      await this.look();
    }
  }
}
