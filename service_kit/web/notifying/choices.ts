/** How one wants to be told, and on which devices: of this both services speak alike. */

import { call } from "./call";

export interface Device {
  id: string;
  channel: string;
  device: string;
  /** A browser is told only while one is signed in there. */
  is_signed_in: boolean;
  /** What became of the last message there. */
  last: { state: string; at: string } | null;
}

interface Muted {
  kind: string;
  channel: string;
}

export interface Chosen {
  /** The channels that go first. */
  order: readonly string[];
  muted: readonly Muted[];
  /** As the clock on the wall has it, of `time_zone`. */
  quiet_from: string | null;
  quiet_until: string | null;
  time_zone: string;
}

export interface Choices extends Chosen {
  /** Between what one may choose. */
  channels: readonly string[];
  kinds: readonly { kind: string; is_urgent: boolean }[];
}

export function readChoices(): Promise<Choices> {
  return call("GET", "/notifications/choices");
}

export function choose({ order, muted, quiet_from, quiet_until, time_zone }: Chosen): Promise<Choices> {
  return call("PUT", "/notifications/choices", { order, muted, quiet_from, quiet_until, time_zone });
}

export function readDevices(): Promise<Device[]> {
  return call("GET", "/notifications/devices");
}

export function removeDevice(id: string): Promise<void> {
  return call("DELETE", `/notifications/devices/${id}`);
}

/** Have a test message sent there: what becomes of it, the devices say. */
export function tryDevice(id: string): Promise<void> {
  return call("POST", `/notifications/devices/${id}/test`);
}

/** All channels in the order in which they have their turns. */
export function inOrder({ order, channels }: Choices): string[] {
  return [...order.filter((one) => channels.includes(one)), ...channels.filter((one) => !order.includes(one))];
}

/** `list` with the one at `at` moved by `step` places; the same where there is none. */
export function moved<T>(list: readonly T[], at: number, step: number): T[] {
  const [taken, to] = [list[at], at + step];
  if (taken === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, place) => place !== at);
  return [...rest.slice(0, to), taken, ...rest.slice(to)];
}

/** `muted` with the pair in it or not. */
export function withMuted(muted: readonly Muted[], kind: string, channel: string, is: boolean): Muted[] {
  const others = muted.filter((one) => one.kind !== kind || one.channel !== channel);
  return is ? [...others, { kind, channel }] : others;
}
