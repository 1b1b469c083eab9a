/** Where ready words belong, in words. */

import { texts } from "$kit/i18n/language.svelte";

export const kinds = texts(
  { question: "Вопрос", message: "Сообщение", finding: "Находка", summary: "Вердикт", advice: "Совет" },
  { question: "Question", message: "Message", finding: "Finding", summary: "Verdict", advice: "Advice" },
);
