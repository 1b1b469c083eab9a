/** An error in words for people. */

import { Offline, Problem } from "../api/problem";
import { NotKept } from "../drafts/drafts.svelte";
import { texts } from "../i18n/language.svelte";

const t = texts(
  {
    offline: "Нет связи с сервером. Попробуйте ещё раз, когда появится сеть.",
    unknown: "Что-то сломалось у нас. Попробуйте ещё раз.",
    kept: {
      full: "На телефоне кончилось место: снимок не сохранён. Освободите место и снимите ещё раз.",
      empty: "Этот файл пуст: снимок не сохранён. Снимите ещё раз или выберите другой.",
      too_large: "Этот файл больше 50 МБ: снимок не сохранён. Выберите фото, а не видео, или снимите ещё раз.",
    },
  },
  {
    offline: "There is no connection to the server. Try again when the network is back.",
    unknown: "Something broke on our side. Try again.",
    kept: {
      full: "The phone is full: the photo was not kept. Make room and take it again.",
      empty: "This file is empty: it was not kept. Take the photo again, or choose another one.",
      too_large: "This file is over 50 MB: it was not kept. Choose a photo and no video, or take it again.",
    },
  },
);

export function words(error: unknown): string {
  if (error instanceof Offline) return t().offline;
  if (error instanceof NotKept) return t().kept[error.why];
  if (error instanceof Problem && error.detail) return error.detail;
  return t().unknown;
}
