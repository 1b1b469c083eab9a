/** The words of the wire in the words of people. */

import { texts } from "$kit/i18n/language.svelte";

/** What to photograph, and where it is on most cars. */
export const shots = texts(
  {
    vin_stamped: { name: "Номер на кузове", where: "Выбит на металле: под капотом, на полу у сиденья или на стойке" },
    vin_plate: { name: "Табличка с VIN", where: "Металлическая табличка: в проёме двери или под капотом" },
    door_sticker: { name: "Наклейка в проёме двери", where: "Откройте водительскую дверь и посмотрите на стойку" },
    windshield_vin: { name: "VIN под лобовым стеклом", where: "Снаружи, в нижнем углу стекла со стороны водителя" },
    engine_number: { name: "Номер двигателя", where: "На блоке двигателя, часто у стыка с коробкой передач" },
    glass_marks: { name: "Маркировка стёкол", where: "Мелкие знаки в нижнем углу каждого стекла" },
    seat_belt_tag: { name: "Бирка ремня", where: "Вытяните ремень до конца: бирка у самого низа" },
    odometer: { name: "Пробег", where: "Приборная панель при включённом зажигании" },
    front: { name: "Машина спереди", where: "Целиком, вместе с номерным знаком" },
    rear: { name: "Машина сзади", where: "Целиком, вместе с номерным знаком" },
    documents: { name: "Документы", where: "СТС или ПТС: можно закрыть имя и адрес" },
    other: { name: "Другое", where: "Всё, что вас насторожило" },
  },
  {
    vin_stamped: { name: "Stamped number", where: "Struck into the metal: under the bonnet, by a seat or on a pillar" },
    vin_plate: { name: "VIN plate", where: "A metal plate: in the door frame or under the bonnet" },
    door_sticker: { name: "Sticker in the door frame", where: "Open the driver's door and look at the pillar" },
    windshield_vin: { name: "VIN behind the windscreen", where: "From outside, in the lower corner on the driver's side" },
    engine_number: { name: "Engine number", where: "On the engine block, often where it meets the gearbox" },
    glass_marks: { name: "Marks on the glass", where: "Small signs in the lower corner of every window" },
    seat_belt_tag: { name: "Seat belt tag", where: "Pull the belt out to its end: the tag is at the bottom" },
    odometer: { name: "Mileage", where: "The instrument panel with the ignition on" },
    front: { name: "The car from the front", where: "All of it, with the number plate" },
    rear: { name: "The car from behind", where: "All of it, with the number plate" },
    documents: { name: "Documents", where: "The registration: name and address may be covered" },
    other: { name: "Something else", where: "Whatever made you wonder" },
  },
);

export const states = texts(
  {
    draft: "Черновик",
    submitted: "Отправлена",
    queued: "Ждёт эксперта",
    in_work: "Эксперт работает",
    waiting_client: "Нужен ваш ответ",
    second_opinion: "Смотрит второй эксперт",
    answered: "Ответ готов",
    disputed: "Проверяем возражение",
    closed: "Закрыта",
    cancelled: "Отменена",
    unprocessable: "Проверить не удалось",
    expired: "Закрыта без ответа",
  },
  {
    draft: "Draft",
    submitted: "Sent",
    queued: "Waiting for an expert",
    in_work: "An expert is at work",
    waiting_client: "Your answer is needed",
    second_opinion: "A second expert is looking",
    answered: "The answer is here",
    disputed: "Your objection is being checked",
    closed: "Closed",
    cancelled: "Cancelled",
    unprocessable: "Could not be checked",
    expired: "Closed without an answer",
  },
);

/** What a frightened buyer should read first, and what to do then. */
export const verdicts = texts(
  {
    clean: {
      name: "Следов подделки не найдено",
      then: "На присланных снимках номера выглядят подлинными. Посмотрите ниже, чего мы не видели.",
    },
    doubts: {
      name: "Есть сомнения",
      then: "Не платите, пока сомнения не сняты: ниже сказано, что именно смущает.",
    },
    forgery_signs: {
      name: "Есть признаки подделки",
      then: "Не платите и не подписывайте договор. Ниже показано, что нашёл эксперт.",
    },
    insufficient_data: {
      name: "Недостаточно данных",
      then: "По этим снимкам вывод сделать нельзя. Это не значит, что с машиной всё в порядке.",
    },
  },
  {
    clean: {
      name: "No signs of forgery found",
      then: "On the photos that you sent the numbers look genuine. See below what we could not see.",
    },
    doubts: {
      name: "There are doubts",
      then: "Do not pay before they are settled: below it says what they are about.",
    },
    forgery_signs: {
      name: "Signs of forgery",
      then: "Do not pay and do not sign. Below you see what the expert found.",
    },
    insufficient_data: {
      name: "Not enough to tell",
      then: "These photos allow no conclusion. That does not mean that the car is all right.",
    },
  },
);

export const severities = texts(
  { contradiction: "Противоречие", anomaly: "Отклонение", unusual: "Необычно", confirmed: "Подтверждено" },
  { contradiction: "Contradiction", anomaly: "Anomaly", unusual: "Unusual", confirmed: "Confirmed" },
);

/** What the phone's own check of a photo found, and what helps. */
export const qualities = texts(
  {
    blurred: { name: "Не в фокусе", help: "Коснитесь номера на экране, чтобы навести резкость" },
    shaken: { name: "Смазано", help: "Не двигайте телефон, обоприте руку" },
    too_dark: { name: "Слишком темно", help: "Включите фонарик" },
    too_bright: { name: "Слишком светло", help: "Закройте номер от солнца" },
    glare: { name: "Блик", help: "Поменяйте угол" },
    too_small: { name: "Слишком мелко", help: "Подойдите ближе" },
  },
  {
    blurred: { name: "Out of focus", help: "Tap the number on the screen to focus" },
    shaken: { name: "Shaken", help: "Don't move the phone, rest your hand" },
    too_dark: { name: "Too dark", help: "Use the torch" },
    too_bright: { name: "Too bright", help: "Shade the number from the sun" },
    glare: { name: "Glare", help: "Change the angle" },
    too_small: { name: "Too small", help: "Come closer" },
  },
);
