"""What people call states, verdicts, marks and months when they look for something, in both languages.

Words as they begin a dictionary's entry: an engine knows their other forms. Those of which the forms differ too
much stand in several.
"""

from datetime import datetime
from typing import Final

from shared_schemas.words import InspectionState, Shot, Verdict

VERDICTS: Final = {
    Verdict.CLEAN: "чистый следов нет clean no signs genuine",
    Verdict.DOUBTS: "сомнения подозрительный doubts suspicious",
    Verdict.FORGERY_SIGNS: (
        "признаки подделки подделка перебитый номер изменение маркировки "
        "forgery signs forged re-struck restamped altered markings"
    ),
    Verdict.INSUFFICIENT_DATA: "мало данных недостаточно too little data insufficient",
}
STATES: Final = {
    InspectionState.QUEUED: "в очереди queued waiting",
    InspectionState.IN_WORK: "в работе in work",
    InspectionState.WAITING_CLIENT: "ждёт клиента waiting for the client",
    InspectionState.SECOND_OPINION: "второе мнение second opinion",
    InspectionState.ANSWERED: "отвечено ответ answered",
    InspectionState.DISPUTED: "спор disputed dispute",
    InspectionState.CLOSED: "закрыто closed",
    InspectionState.CANCELLED: "отменено cancelled",
    InspectionState.UNPROCESSABLE: "не проверить непроверяемый unprocessable",
    InspectionState.EXPIRED: "истекло expired",
}
MARKS: Final = {
    Shot.VIN_STAMPED: "номер кузова штамп набивка stamped body number",
    Shot.VIN_PLATE: "табличка шильдик plate",
    Shot.DOOR_STICKER: "наклейка на двери стикер door sticker",
    Shot.WINDSHIELD_VIN: "под лобовым стеклом windshield",
    Shot.ENGINE_NUMBER: "номер двигателя мотор engine number",
    Shot.GLASS_MARKS: "маркировка стёкол стекло glass marks",
    Shot.SEAT_BELT_TAG: "бирка ремня безопасности seat belt tag",
    Shot.ODOMETER: "пробег одометр odometer mileage",
    Shot.DOCUMENTS: "документы птс стс documents papers",
}
"""Kinds of marks of a car. What is not here is a picture of no mark."""
_MONTHS: Final = (
    "январь января january",
    "февраль февраля february",
    "март марта march",
    "апрель апреля april",
    "май мая may",
    "июнь июня june",
    "июль июля july",
    "август августа august",
    "сентябрь сентября september",
    "октябрь октября october",
    "ноябрь ноября november",
    "декабрь декабря december",
)


def month_and_year(at: datetime) -> str:
    """Each name of the month with the year after it, as somebody says it."""
    return " ".join(f"{name} {at.year}" for name in _MONTHS[at.month - 1].split())
