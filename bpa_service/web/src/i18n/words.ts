/** The words of the wire in the words of experts. */

import { texts } from "$kit/i18n/language.svelte";

export const shots = texts(
  {
    vin_stamped: "Номер на кузове",
    vin_plate: "Табличка с VIN",
    door_sticker: "Наклейка в проёме двери",
    windshield_vin: "VIN под лобовым стеклом",
    engine_number: "Номер двигателя",
    glass_marks: "Маркировка стёкол",
    seat_belt_tag: "Бирка ремня",
    odometer: "Пробег",
    front: "Машина спереди",
    rear: "Машина сзади",
    documents: "Документы",
    other: "Другое",
  },
  {
    vin_stamped: "Stamped number",
    vin_plate: "VIN plate",
    door_sticker: "Sticker in the door frame",
    windshield_vin: "VIN behind the windscreen",
    engine_number: "Engine number",
    glass_marks: "Marks on the glass",
    seat_belt_tag: "Seat belt tag",
    odometer: "Mileage",
    front: "The car from the front",
    rear: "The car from behind",
    documents: "Documents",
    other: "Something else",
  },
);

export const states = texts(
  {
    draft: "Черновик",
    submitted: "Отправлено",
    queued: "В очереди",
    in_work: "В работе",
    waiting_client: "Ждёт клиента",
    second_opinion: "Второе мнение",
    answered: "Отвечено",
    disputed: "Спор",
    closed: "Закрыто",
    cancelled: "Отменено",
    unprocessable: "Не проверить",
    expired: "Истекло",
  },
  {
    draft: "Draft",
    submitted: "Submitted",
    queued: "Queued",
    in_work: "In work",
    waiting_client: "Waiting for the client",
    second_opinion: "Second opinion",
    answered: "Answered",
    disputed: "Disputed",
    closed: "Closed",
    cancelled: "Cancelled",
    unprocessable: "Unprocessable",
    expired: "Expired",
  },
);

export const severities = texts(
  { contradiction: "Противоречие", anomaly: "Отклонение", unusual: "Необычно", confirmed: "Подтверждено" },
  { contradiction: "Contradiction", anomaly: "Anomaly", unusual: "Unusual", confirmed: "Confirmed" },
);

export const verdicts = texts(
  {
    clean: "Следов подделки не найдено",
    doubts: "Есть сомнения",
    forgery_signs: "Есть признаки подделки",
    insufficient_data: "Недостаточно данных",
  },
  {
    clean: "No signs of forgery found",
    doubts: "There are doubts",
    forgery_signs: "Signs of forgery",
    insufficient_data: "Not enough to tell",
  },
);

export const roles = texts(
  {
    expert: "Эксперт",
    senior: "Старший эксперт",
    shift_lead: "Начальник смены",
    bpa_admin: "Администратор",
    auditor: "Аудитор",
  },
  {
    expert: "Expert",
    senior: "Senior expert",
    shift_lead: "Shift lead",
    bpa_admin: "Administrator",
    auditor: "Auditor",
  },
);

export const kinds = texts(
  { preliminary: "Предварительно", final: "Ответ", amendment: "Поправка" },
  { preliminary: "Preliminary", final: "Answer", amendment: "Amendment" },
);
