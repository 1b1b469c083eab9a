/** One's chats in Telegram: of this both services speak alike. */

import { call } from "./call";

export interface Chat {
  id: string;
  name: string;
  bound_at: string;
}

export interface Telegram {
  /** The bot's name; null: Telegram is not offered here. */
  bot: string | null;
  chats: readonly Chat[];
}

export interface Link {
  link: string;
  /** The same as a picture. */
  qr: string;
}

export function readTelegram(): Promise<Telegram> {
  return call("GET", "/me/telegram");
}

export function makeLink(): Promise<Link> {
  return call("POST", "/me/telegram");
}

export function leaveChat(id: string): Promise<void> {
  return call("DELETE", `/me/telegram/${id}`);
}
