/** One's chats in messengers: of this both services speak alike. */

import { call } from "./call";

export type Messenger = "telegram" | "max";

/** What they are called, in every language. */
export const NAMES: Readonly<Record<Messenger, string>> = { telegram: "Telegram", max: "MAX" };

export interface Chat {
  id: string;
  name: string;
  bound_at: string;
}

export interface Chats {
  /** The bot's name; null: the messenger is not offered here. */
  bot: string | null;
  chats: readonly Chat[];
}

export interface Link {
  link: string;
  /** The same as a picture. */
  qr: string;
}

export function readChats(messenger: Messenger): Promise<Chats> {
  return call("GET", `/me/${messenger}`);
}

export function makeLink(messenger: Messenger): Promise<Link> {
  return call("POST", `/me/${messenger}`);
}

export function leaveChat(messenger: Messenger, id: string): Promise<void> {
  return call("DELETE", `/me/${messenger}/${id}`);
}
