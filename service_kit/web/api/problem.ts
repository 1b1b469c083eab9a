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

  /** What the server said. Raises Offline if it was somebody else who said it. */
  static async of(response: Response): Promise<Problem> {
    return read(response.status, await json(response), response.headers);
  }
}

/** Nothing got through, or no answer came back. What was sent may have been done all the same. */
export class Offline extends Error {
  override readonly name: string = "Offline";
}

/**
 * An answer that is not the server's: the page of a hotspot, or of a proxy that is in the way. It says nothing about
 * what was asked.
 */
export class Intercepted extends Offline {
  override readonly name = "Intercepted";
}

/** A refusal out of its body. Raises Intercepted where the body is none of the server's. */
export function read(status: number, body: unknown, headers: Headers): Problem {
  const { code, detail = "", params, errors } = (body ?? {}) as Partial<Problem>;
  if (typeof code !== "string") throw new Intercepted(`${status} of somebody else`);
  return new Problem(status, code, detail, params, errors, Number(headers.get("retry-after")) || undefined);
}

/** Whether the answer is one of an API: JSON, a photo, or nothing where nothing is to be said. */
export function isOurs(response: Response): boolean {
  const type = response.headers.get("content-type")?.split(";")[0]?.trim() ?? "";
  return type === "" ? response.status === 204 || response.status === 201 : /^(application\/(problem\+)?json|image\/jpeg)$/.test(type);
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** Whether trying again later, as it is, is the right thing to do. */
export function passes(error: unknown): boolean {
  return error instanceof Offline || (error instanceof Problem && error.passes);
}
