/** The addresses of the screens. Every one of them can be opened from a letter, and survives a reload. */

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  private steps = 0;
  private instead: string | undefined;

  constructor() {
    addEventListener("popstate", () => this.popped());
    document.addEventListener("click", (event) => this.follow(event));
  }

  go(address: string, { replace = false } = {}): void {
    if (replace) history.replaceState(history.state, "", address);
    else {
      history.pushState({ from: location.pathname }, "", address);
      this.steps += 1;
    }
    this.read();
    scrollTo(0, 0);
  }

  /** What is shown has another address from now on; it stays as it is. */
  rename(address: string): void {
    history.replaceState(history.state, "", address);
  }

  /** Back to `path` if one came from there, else on to it: so that going there and back leaves no trail. */
  returnTo(path: string): void {
    const { from } = (history.state ?? {}) as { from?: string };
    if (from === path && this.steps > 0) this.back(path);
    else this.go(path);
  }

  /** Back to where one came from, or to `address` if one came here from outside. */
  back(address: string): void {
    if (this.steps > 0) {
      this.steps -= 1;
      history.back();
    } else this.go(address, { replace: true });
  }

  /** To `address` in place of this page and of `from`, if one came from there: no way back leads to either. */
  goInstead(address: string, from: string): void {
    const came = (history.state ?? {}) as { from?: string };
    if (came.from !== from || this.steps === 0) return this.go(address, { replace: true });
    this.instead = address;
    this.steps -= 1;
    history.back();
  }

  private popped(): void {
    const { instead } = this;
    this.instead = undefined;
    if (instead === undefined) this.read();
    else this.go(instead, { replace: true });
  }

  private read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  /** Links within the app do not load the page anew. */
  private follow(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest("a");
    const changed = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!link || changed || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const { origin, pathname, search, hash } = new URL(link.href);
    if (origin !== location.origin || pathname.startsWith("/api/") || (hash && pathname === this.path)) return;
    event.preventDefault();
    this.go(pathname + search);
  }
}

export const router = new Router();
