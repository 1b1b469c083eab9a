/** What the server refuses for good is said where the person sees it; everything else is for the next attempt. */

import { Problem } from "$kit/api/problem";
import type { Refused } from "../drafts/database";
import { Unreadable } from "./bytes";

// A disk that is busy may fail once.
const READ_AGAIN = 500;

/** Do it; a lasting refusal, or that its bytes cannot be read, is `noted`, everything else is for the next attempt. */
export async function orRefused(
  act: () => Promise<void>,
  note: (problem: Refused, params: Problem["params"]) => Promise<unknown>,
): Promise<void> {
  try {
    await act().catch(async (error: unknown) => {
      if (!(error instanceof Unreadable)) throw error;
      await new Promise((done) => setTimeout(done, READ_AGAIN));
      await act();
    });
  } catch (error) {
    if (error instanceof Unreadable) await note({ code: "unreadable", detail: "" }, {});
    else if (error instanceof Problem && !error.passes && !isSignedOut(error))
      await note({ code: error.code, detail: error.detail }, error.params);
    else throw error;
  }
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}
