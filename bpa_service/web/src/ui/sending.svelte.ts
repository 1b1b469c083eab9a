/** One thing that is sent by a form: once, however often it is tried, and with words for what kept it. */

import { newId, once } from "$kit/api/unwrap";
import { Problem } from "$kit/api/problem";
import { words } from "$kit/ui/errors";

export type Headers = ReturnType<typeof once>;

export class Sending {
  busy = $state(false);
  problem = $state("");
  /** Whether the code of the second factor is asked for, or was wrong. */
  needsCode = $state(false);
  private key = newId();

  /**
   * Send it. The headers that `what` is given say that it is the same thing as at the last try. Returns whether it
   * was taken; from then on the next one is another.
   */
  async run(what: (headers: Headers) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = "";
    try {
      await what(once(this.key));
      this.key = newId();
      this.needsCode = false;
      return true;
    } catch (error) {
      this.problem = words(error);
      this.needsCode ||= error instanceof Problem && error.code === "second_factor_required";
      return false;
    } finally {
      this.busy = false;
    }
  }
}
