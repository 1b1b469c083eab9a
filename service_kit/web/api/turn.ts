/** One tab of a browser does something for all of them, for as long as it can. */

const ASK_AGAIN = 1_000;

export interface Turn {
  /** The tab that has the turn is gone, or sleeps: do it here. */
  take(): void;
  /** Leave it to the others. */
  leave(): void;
}

/** `begin` is called when it is this tab's turn, `end` when that is over: both may happen many times. */
export interface Doing {
  begin(): void;
  end(): void;
}

/**
 * Wait for the turn that is called `name`. It passes on when its tab closes, freezes or leaves. Where tabs cannot
 * agree (no Web Locks: a page that is not served securely), each has a turn while it can be seen.
 */
export function turnOf(name: string, doing: Doing): Turn {
  return canAgree() ? new Locked(name, doing) : new Seen(doing);
}

/** Whether tabs can agree on one, and tell each other what it hears. */
export function canAgree(): boolean {
  return typeof BroadcastChannel === "function" && Boolean(navigator.locks);
}

class Locked implements Turn {
  private asked: AbortController | undefined;
  private release: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly doing: Doing,
  ) {
    this.ask({});
    document.addEventListener("freeze", this.pass);
    document.addEventListener("resume", this.again);
    addEventListener("pagehide", this.pass);
    addEventListener("pageshow", this.again);
  }

  take(): void {
    this.pass();
    this.ask({ steal: true });
  }

  leave(): void {
    this.pass();
    document.removeEventListener("freeze", this.pass);
    document.removeEventListener("resume", this.again);
    removeEventListener("pagehide", this.pass);
    removeEventListener("pageshow", this.again);
  }

  private readonly pass = (): void => {
    this.asked?.abort();
    this.asked = undefined;
    this.end();
  };

  private readonly again = (): void => {
    if (!this.asked) this.ask({});
  };

  private end(): void {
    if (!this.release) return;
    this.release();
    this.release = undefined;
    this.doing.end();
  }

  private ask(how: { steal?: true }): void {
    const asked = new AbortController();
    this.asked = asked;
    const options: LockOptions = how.steal ? how : { signal: asked.signal };
    const hold = async (): Promise<void> => {
      if (asked.signal.aborted) return;
      this.doing.begin();
      await new Promise<void>((done) => (this.release = done));
    };
    navigator.locks.request(this.name, options, hold).catch(() => {
      if (this.asked !== asked) return;
      // Somebody took it while this tab slept: wait for the next turn.
      this.end();
      setTimeout(() => this.asked === asked && this.ask({}), ASK_AGAIN);
    });
  }
}

class Seen implements Turn {
  private does = false;

  constructor(private readonly doing: Doing) {
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  take(): void {
    this.look();
  }

  leave(): void {
    document.removeEventListener("visibilitychange", this.look);
    this.become(false);
  }

  private readonly look = (): void => this.become(document.visibilityState === "visible");

  private become(does: boolean): void {
    if (does === this.does) return;
    this.does = does;
    if (does) this.doing.begin();
    else this.doing.end();
  }
}
