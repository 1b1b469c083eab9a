/** A report for tests of how one looks: every kind of block, much of some, and words that are long or run the other way. */

import type { Block, Picture, Presented } from "./presented";

const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(2);
const ARABIC = "السيارة نظيفة، والرقم كما هو";

const picture = (place: number, region?: Picture["region"]): Picture => ({
  evidence_id: `00000000-0000-4000-8000-${String(place).padStart(12, "0")}`,
  ...(region ? { region } : {}),
  caption: `Снимок ${place}: номер на кузове`,
  alt: region ? "Отмечено место на номере, набитом на кузове" : "Номер, набитый на кузове",
});

const finding = (number: number): Block => ({
  type: "finding",
  finding_id: `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  number,
  tone: number % 3 ? "bad" : "warn",
  mark: number % 3 ? "Противоречие" : "Отклонение",
  fact: { words: number === 2 ? LONG : `Знаки 15–17 ниже и крупнее остальных (${number})` },
  meaning: "Такой набор не встречается у этого изготовителя в эти годы.",
  to_do: number % 2 ? { words: "Не платите до осмотра специалистом", by: "слова эксперта" } : "Покажите это место продавцу.",
  explanation: number === 3 ? { words: ARABIC } : null,
  grounds: number === 3 ? [{ label: "Каталог", value: "Страница 14" }] : [],
  pictures: [picture(number, { x: 0.55, y: 0.4, width: 0.2, height: 0.1 }), picture(number + 100)],
});

export function example(findings = 3, photos = 4, records = 7): Presented {
  return {
    language: "ru",
    reader: "buyer",
    scope: {},
    report_id: "20000000-0000-4000-8000-000000000000",
    version: 2,
    made_at: "2026-11-30T05:00:00Z",
    masthead: {
      title: "Ответ о проверке автомобиля",
      number: "AD-000123",
      version: "Версия 2",
      car: { words: `BMW 320d, ${ARABIC}` },
      identifier: { label: "VIN", quoted: { words: "SAL1A2A40SA606662" } },
      verdict: "forgery_signs",
      verdict_title: "Есть признаки изменения маркировки",
      verdict_text: "Три последних знака набиты заново, другим инструментом.",
      tone: "bad",
      by: { label: "Эксперт", quoted: { words: "Анна Белова" } },
      on: "29 ноября 2026, 15:19 (Москва)",
    },
    labels: {
      contents: "Содержание",
      finding: "Находка {number}",
      meaning: "Что это значит",
      to_do: "Что делать",
      explanation: "Объяснение",
      photo: "Снимок {number}",
      when: "Когда",
      what: "Что",
      source: "Источник",
    },
    sections: [
      {
        id: "changes",
        title: "Что изменилось",
        blocks: [
          { type: "notice", tone: "warn", title: "Ответ изменён", text: "После возражения посмотрел другой эксперт." },
          {
            type: "comparison",
            before: "Версия 1",
            after: "Версия 2",
            rows: [
              { what: "Вердикт", before: ["Мало данных"], after: ["Есть признаки изменения маркировки"] },
              { what: "Находка", before: ["Та же", "Та же"], after: [] },
              { what: "Находка", before: [], after: [{ words: "Знаки 15–17 ниже и крупнее остальных" }] },
            ],
          },
        ],
      },
      {
        id: "now",
        title: "Что делать сейчас",
        blocks: [
          {
            type: "steps",
            steps: ["Не платите и не подписывайте договор.", { words: "Сохраните переписку", by: "слова эксперта" }],
          },
        ],
      },
      { id: "found", title: "Что нашли", blocks: Array.from({ length: findings }, (_, place) => finding(place + 1)) },
      {
        id: "seen",
        title: "Что посмотрели",
        blocks: [
          { type: "facts", title: "О машине", facts: [{ label: "Цвет", quoted: { words: ARABIC } }, { label: "Год", value: "2019" }] },
          { type: "pictures", title: "Снимки", pictures: Array.from({ length: photos }, (_, place) => picture(place + 1)) },
        ],
      },
      {
        id: "contradictions",
        title: "Что расходится",
        blocks: [
          {
            type: "disagreement",
            tone: "warn",
            mark: "Может иметь значение",
            title: "Цвет",
            sayings: [
              { label: "В объявлении", quoted: { words: "чёрный" } },
              { label: "Реестр", quoted: { words: "серый" } },
            ],
            text: "Спросите, перекрашивали ли машину.",
          },
        ],
      },
      {
        id: "history",
        title: "История",
        blocks: [
          { type: "mileages", points: [{ year: 2014.2, km: 12 }, { year: 2017.1, km: 91_000 }, { year: 2019.5, km: 148_000 }, { year: 2023.9, km: 84_000 }], falls: [[2, 3]], alt: "С 2019 по 2023 год пробег стал меньше: 148 000 и 84 000 км." },
          {
            type: "history",
            title: "Аварии",
            tone: "bad",
            standing: ["Реестр: 7 записей, на 1 ноября 2026.", "Другой источник: не ответил.", "Другой источник: не ответил."],
            rows: Array.from({ length: records }, (_, place) => ({
              when: `март ${2024 - place}`,
              what: "Столкновение",
              place: { words: "Тверь" },
              quoted: place ? null : { words: LONG },
              source: "Реестр",
            })),
            more: "И ещё 12, которые здесь не перечислены.",
          },
          { type: "history", title: "Залоги", tone: "info", standing: ["Источник не подключён: о залогах здесь сказать нельзя ничего."] },
        ],
      },
      {
        id: "not_covered",
        title: "Чего мы не видели",
        blocks: [
          { type: "points", tone: "info", title: "Не снято", points: ["Номер двигателя", { words: "Документы" }] },
          { type: "paragraph", text: "Это не значит, что там всё в порядке.", tone: "info" },
        ],
      },
      { id: "about", title: "Об этом отчёте", blocks: [{ type: "heading", text: "Как проверить" }, { type: "quotation", quoted: { words: ARABIC, by: "слова клиента" } }, { type: "paragraph", text: "Откройте адрес и введите код." }] },
    ],
    fine_print: "Отчёт составлен по снимкам. Версия 2, код 7K3M-92XA.",
  };
}
