/** Cases that were put off for a few minutes: at this desk only, and never longer. */

const KEPT_AS = "snoozed cases";
const LENGTH = 5 * 60_000;

class Snoozed {
  private until = $state.raw<Readonly<Record<string, number>>>(read());

  /** Those that are put off now. */
  get ids(): ReadonlySet<string> {
    return new Set(Object.keys(this.until));
  }

  add(caseId: string): void {
    this.keep({ ...this.until, [caseId]: Date.now() + LENGTH });
  }

  wakeAll(): void {
    this.keep({});
  }

  /** Let those come back whose time has come. */
  wake(): void {
    const still = Object.entries(this.until).filter(([, until]) => until > Date.now());
    if (still.length < Object.keys(this.until).length) this.keep(Object.fromEntries(still));
  }

  private keep(until: Record<string, number>): void {
    this.until = until;
    localStorage.setItem(KEPT_AS, JSON.stringify(until));
  }
}

function read(): Record<string, number> {
  try {
    return (JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") ?? {}) as Record<string, number>;
  } catch {
    return {};
  }
}

export const snoozed = new Snoozed();
