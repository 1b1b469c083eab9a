/** The kind of the live hint that a person, its subject, has seen news: here or on another device. */
export const SEEN = "notifications.seen";
