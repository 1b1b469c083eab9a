"""What the app says on what a test has to tap. Everything else is found by role or id."""

from typing import Final

from tests.browser.phone import Language

CHECK: Final[dict[Language, str]] = {"ru": "Проверить машину", "en": "Check a car"}
SEND: Final[dict[Language, str]] = {"ru": "Отправить эксперту", "en": "Send to an expert"}
AGREE: Final[dict[Language, str]] = {"ru": "Я согласен, продолжить", "en": "I agree, go on"}
ANSWER: Final[dict[Language, str]] = {"ru": "Ответить", "en": "Answer"}
YES_USE_IT: Final[dict[Language, str]] = {"ru": "Да, подставить", "en": "Yes, use it"}
AS_SEEN: Final[dict[Language, str]] = {"ru": "Так и стоит на машине", "en": "It stands so on the car"}
NO: Final[dict[Language, str]] = {"ru": "Нет", "en": "No"}
GUIDED: Final[dict[Language, str]] = {"ru": "Снимать по шагам", "en": "Take them step by step"}
TAKE: Final[dict[Language, str]] = {"ru": "Снять", "en": "Take the photo"}
AS_IT_IS: Final[dict[Language, str]] = {"ru": "Оставить как есть", "en": "Keep it as it is"}
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
