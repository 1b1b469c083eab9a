/** What the service worker says to the pages of the app. They answer with where they are. */

export const ANSWERED_WITHIN = 1_000;

/** `told`: there is news. `go`: a notification was tapped, and leads there. `where`: nothing but where they are. */
export type ToPage = { what: "told" } | { what: "go"; path: string } | { what: "where" };
