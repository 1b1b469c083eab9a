/** Whether it is being printed: then what is loaded only when it is seen has to be there, too. */

import { tick } from "svelte";

// A photo that has not come by then is left out, rather than that nothing is printed.
const PATIENCE = 15_000;

class Printing {
  on = $state(false);

  constructor() {
    // Whoever prints by the browser's own menu.
    globalThis.addEventListener?.("beforeprint", () => (this.on = true));
    globalThis.addEventListener?.("afterprint", () => (this.on = false));
  }

  /** Have all photos come, then ask the browser to print. */
  async print(): Promise<void> {
    this.on = true;
    await tick();
    const waiting = [...document.images].filter((image) => !image.complete);
    const come = waiting.map((image) => image.decode().catch(() => undefined));
    await Promise.race([Promise.all(come), new Promise((done) => setTimeout(done, PATIENCE))]);
    print();
  }
}

export const printing = new Printing();
