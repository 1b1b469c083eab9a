/**
 * This browser shows what one is told, also where no page of ours is open. It does so for one person: whoever signs in
 * after them is not shown their news.
 */

import { account } from "../api/http";
import { call } from "./call";
import { readDevices, type Device } from "./choices";

/**
 * `unable`: this browser cannot. `to_install`: it could, were the app on the home screen. `denied`: the person told the
 * browser not to. `off`, `on`: whether it does.
 */
export type Standing = "unable" | "to_install" | "denied" | "off" | "on";

/** Who is told on this browser, and as which of their devices. */
interface Mine {
  account: string;
  device: string;
}

const KEPT_AS = "told-by-push";
const LATER = "told-by-push-later";
export const CHANNEL = "push";

/** `devices` are those on which one is told, as the server has them. */
export async function standing(devices: readonly Device[]): Promise<Standing> {
  if (!isAble()) return mustBeInstalled() ? "to_install" : "unable";
  if (Notification.permission === "denied") return "denied";
  const id = thisDevice();
  return id !== undefined && devices.some((one) => one.id === id && one.is_signed_in) && (await subscription()) ? "on" : "off";
}

/** The id of this browser among one's devices. */
export function thisDevice(): string | undefined {
  const kept = mine();
  return kept && kept.account === account() ? kept.device : undefined;
}

/** Whether it is worth a question: it would work, and was not put off. Asks nobody; not before it is known who is here. */
export function isToBeOffered(): boolean {
  if (account() === undefined || localStorage.getItem(LATER) !== null) return false;
  return isAble() ? Notification.permission !== "denied" && thisDevice() === undefined : mustBeInstalled();
}

export function putOff(): void {
  localStorage.setItem(LATER, "1");
}

/** Be told here. To be called at a tap, for the browser asks whether it may. Raises Problem or Offline. */
export async function subscribe(): Promise<Standing> {
  if ((await Notification.requestPermission()) !== "granted") {
    putOff();
    return Notification.permission === "denied" ? "denied" : "off";
  }
  await bind();
  return "on";
}

/** Be told here no more. Where the server cannot be reached it finds out by itself, at the next message. */
export async function unsubscribe(): Promise<void> {
  const found = isAble() ? await subscription() : undefined;
  const whose = mine();
  forget();
  if (!found) return;
  if (whose?.account === account()) await call("POST", "/notifications/push/end", said(found)).catch(() => undefined);
  await found.unsubscribe();
}

/**
 * At the start: subscribe anew where the browser let go of it, our key is another one, or the sign-in is; be quiet for
 * another person.
 */
export async function renew(): Promise<void> {
  const whose = mine();
  if (!whose || !isAble()) return;
  if (whose.account !== account()) return unsubscribe();
  if (Notification.permission !== "granted") return forget();
  const found = await subscription();
  if (!found || !isOfKey(found, await keyOfServer())) return bind();
  const ours = (await readDevices()).find((one) => one.id === whose.device);
  if (ours && !ours.is_signed_in) await bind();
}

/** Subscribe this browser and say so to the server, under the name that the list of sessions has for it. */
async function bind(): Promise<void> {
  const whose = account();
  if (whose === undefined) return;
  const [registration, key] = await Promise.all([navigator.serviceWorker.ready, keyOfServer()]);
  let found = await registration.pushManager.getSubscription();
  if (found && !isOfKey(found, key)) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const sessions = await call<{ current: boolean; device: string }[]>("GET", "/auth/sessions");
  const device = sessions.find((one) => one.current)?.device.slice(0, 64) || location.hostname.slice(0, 64);
  await call("PUT", "/notifications/push", { ...said(found), device });
  const devices = await readDevices();
  const ours = devices.filter((one) => one.channel === CHANNEL).at(-1); // the newest
  if (ours) localStorage.setItem(KEPT_AS, JSON.stringify({ account: whose, device: ours.id } satisfies Mine));
}

function isAble(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Safari on phones and tablets gives it only to what was put on the home screen. */
function mustBeInstalled(): boolean {
  const isApple = /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  return isApple && !matchMedia("(display-mode: standalone)").matches;
}

async function subscription(): Promise<PushSubscription | undefined> {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? undefined;
}

function said(found: PushSubscription): Record<string, string> {
  const { endpoint, keys } = found.toJSON();
  return { endpoint: endpoint ?? "", ...keys };
}

async function keyOfServer(): Promise<Uint8Array<ArrayBuffer>> {
  const { key } = await call<{ key: string }>("GET", "/notifications/push-key");
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}

function isOfKey({ options }: PushSubscription, key: Uint8Array): boolean {
  const used = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  return used.length === key.length && used.every((byte, at) => byte === key[at]);
}

function mine(): Mine | undefined {
  return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") ?? undefined;
}

function forget(): void {
  localStorage.removeItem(KEPT_AS);
}
