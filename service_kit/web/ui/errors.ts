/** An error in words for people. */

import { Offline, Problem } from "../api/problem";
import { texts } from "../i18n/language.svelte";

const t = texts(
  {
    offline: "Нет связи с сервером. Попробуйте ещё раз, когда появится сеть.",
    unknown: "Что-то сломалось у нас. Попробуйте ещё раз.",
  },
  {
    offline: "There is no connection to the server. Try again when the network is back.",
    unknown: "Something broke on our side. Try again.",
  },
);

export function words(error: unknown): string {
  if (error instanceof Offline) return t().offline;
  if (error instanceof Problem && error.detail) return error.detail;
  return t().unknown;
}
