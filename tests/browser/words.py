"""What the app says on what a test has to tap. Everything else is found by role or id."""

from typing import Final

from tests.browser.phone import Language

AGREE: Final[dict[Language, str]] = {"ru": "Согласен, отправить", "en": "I agree, send"}
ANSWER: Final[dict[Language, str]] = {"ru": "Ответить", "en": "Answer"}
ALTERED: Final[dict[Language, str]] = {
    "ru": "Есть признаки изменения маркировки",
    "en": "Signs of altered markings",
}
AS_SEEN: Final[dict[Language, str]] = {"ru": "Так и стоит на машине", "en": "It stands so on the car"}
PHOTOGRAPH: Final[dict[Language, str]] = {
    "ru": "Снять номер на машине",
    "en": "Photograph the number on the car",
}
TYPE: Final[dict[Language, str]] = {"ru": "Ввести номер", "en": "Type the number"}
WHERE: Final[dict[Language, str]] = {"ru": "Не могу найти номер", "en": "I can't find the number"}
NEXT: Final[dict[Language, str]] = {"ru": "Дальше", "en": "Next"}
DONE: Final[dict[Language, str]] = {"ru": "Готово", "en": "Done"}
IT_FITS: Final[dict[Language, str]] = {"ru": "Да, всё совпадает", "en": "Yes, all of it fits"}
IT_DIFFERS: Final[dict[Language, str]] = {
    "ru": "Номер на металле другой",
    "en": "The number on the metal is different",
}
OTHER_CHARACTERS: Final[dict[Language, str]] = {"ru": "Другие знаки", "en": "Other characters"}
TAKE: Final[dict[Language, str]] = {"ru": "Снять", "en": "Take the photo"}
NOT_HERE: Final[dict[Language, str]] = {"ru": "Здесь его нет", "en": "Not here"}
NOT_ALLOWED: Final[dict[Language, str]] = {"ru": "Не дают снять", "en": "They won't let me"}
AS_IT_IS: Final[dict[Language, str]] = {"ru": "Оставить так", "en": "Keep it"}
CLOSE_CAMERA: Final[dict[Language, str]] = {"ru": "Закрыть камеру", "en": "Close the camera"}
SLOTS: Final[dict[Language, dict[str, str]]] = {
    "ru": {
        "vin_stamped": "Номер на кузове",
        "vin_plate": "Табличка с VIN",
        "front": "Машина спереди",
        "rear": "Машина сзади",
    },
    "en": {
        "vin_stamped": "Stamped number",
        "vin_plate": "VIN plate",
        "front": "The car from the front",
        "rear": "The car from behind",
    },
}
