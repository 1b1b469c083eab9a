/** What the server says when it refuses (problem+json), and what the phone says when nothing gets through. */

export interface FieldError {
  code: string;
  detail: string;
  pointer: string;
}

/** A refusal of the server. `detail` is in the language of the app, and can be shown as it is. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly params: Readonly<Record<string, unknown>> = {},
    readonly errors: readonly FieldError[] = [],
    /** Seconds after which another try makes sense. */
    readonly retryAfter?: number,
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get passes(): boolean {
    return this.status >= 500 || this.status === 408 || this.status === 425 || this.status === 429;
  }

  static async of(response: Response): Promise<Problem> {
    const retryAfter = Number(response.headers.get("retry-after")) || undefined;
    try {
      const body = (await response.json()) as Partial<Problem>;
      if (typeof body.code === "string") {
        const { code, detail = "", params, errors } = body;
        return new Problem(response.status, code, detail, params, errors, retryAfter);
      }
    } catch {
      // Not ours: a proxy on the way answered with a page of its own.
    }
    return new Problem(response.status, "unknown", "", {}, [], retryAfter);
  }
}

/** Nothing got through, or no answer came back. What was sent may have been done all the same. */
export class Offline extends Error {
  override readonly name = "Offline";
}

/** Whether trying again later, as it is, is the right thing to do. */
export function passes(error: unknown): boolean {
  return error instanceof Offline || (error instanceof Problem && error.passes);
}
