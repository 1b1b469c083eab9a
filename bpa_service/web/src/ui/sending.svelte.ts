/** One thing that is sent by a form: once, however often it is tried, and with words for what kept it. */

import { newId, once } from "$kit/api/told";
import { words } from "$kit/ui/errors";

export class Sending {
  busy = $state(false);
  problem = $state("");
  private key = newId();

  /**
   * Send it. The headers that `what` is given say that it is the same thing as at the last try. Returns whether it
   * was taken; from then on the next one is another.
   */
  async run(what: (headers: ReturnType<typeof once>) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = "";
    try {
      await what(once(this.key));
      this.key = newId();
      return true;
    } catch (error) {
      this.problem = words(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
