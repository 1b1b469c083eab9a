/** An error in words for people. */

import { texts } from "$kit/i18n/language.svelte";
import { words as usual } from "$kit/ui/errors";
import { NotKept } from "../drafts/drafts.svelte";

const t = texts(
  {
    full: "На телефоне кончилось место: снимок не сохранён. Освободите место и снимите ещё раз.",
    empty: "Этот файл пуст: снимок не сохранён. Снимите ещё раз или выберите другой.",
    too_large: "Этот файл больше 50 МБ: снимок не сохранён. Выберите фото, а не видео, или снимите ещё раз.",
  },
  {
    full: "The phone is full: the photo was not kept. Make room and take it again.",
    empty: "This file is empty: it was not kept. Take the photo again, or choose another one.",
    too_large: "This file is over 50 MB: it was not kept. Choose a photo and no video, or take it again.",
  },
);

export function words(error: unknown): string {
  return error instanceof NotKept ? t()[error.why] : usual(error);
}
