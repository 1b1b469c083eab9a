/** The invitation that one came by: it stands behind the #, and is kept in this tab over the way to the sign-in. */

const KEPT_AS = "invitation";
// Of a link that lost what makes it one, the server says so.
const NONE = "-";

/** The token of the link; of none, something that lets nobody in. */
export function invitedBy(): string {
  const token = location.hash.slice(1);
  try {
    if (token) sessionStorage.setItem(KEPT_AS, token);
    return token || sessionStorage.getItem(KEPT_AS) || NONE;
  } catch {
    return token || NONE; // a browser that keeps nothing: the link is opened once more after the sign-in
  }
}

/** It was taken: the page leads into nothing any more. */
export function forgetInvitation(): void {
  try {
    sessionStorage.removeItem(KEPT_AS);
  } catch {
    // Nothing was kept.
  }
}
