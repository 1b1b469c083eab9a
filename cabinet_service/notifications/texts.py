"""The words that clients get, in both languages.

They hold no personal data, only the inspection's number and a link: letters lie in inboxes and phones that
others may look into.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cabinet_service.accounts.domain import Language
from cabinet_service.notifications.kinds import NotificationKind

BRAND: Final[Mapping[Language, str]] = {"ru": "Автодетектив", "en": "Autodetective"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A message as a letter (`subject` and `letter`) and as a short message to a phone."""

    subject: str
    letter: str
    short: str


_NOTIFICATIONS: Final[Mapping[NotificationKind, Mapping[Language, tuple[str, str]]]] = {
    NotificationKind.INFO_TASK: {
        "ru": ("эксперту нужна ваша помощь", "Эксперту не хватает фото или ответа. Это займёт пару минут:"),
        "en": ("the expert needs your help", "The expert needs a photo or an answer. It takes two minutes:"),
    },
    NotificationKind.EXPERT_MESSAGE: {
        "ru": ("сообщение от эксперта", "Эксперт написал вам:"),
        "en": ("a message from the expert", "The expert has written to you:"),
    },
    NotificationKind.PRELIMINARY_DECISION: {
        "ru": ("предварительный вывод", "Есть первые выводы, проверка продолжается:"),
        "en": ("a first word", "There is a first word; the check goes on:"),
    },
    NotificationKind.DECISION: {
        "ru": ("результат проверки готов", "Проверка закончена, результат здесь:"),
        "en": ("the result is ready", "The check is done, here is the result:"),
    },
    NotificationKind.DECISION_AMENDED: {
        "ru": ("результат уточнён", "Эксперты уточнили результат:"),
        "en": ("the result was amended", "The experts have amended the result:"),
    },
    NotificationKind.LATE: {
        "ru": ("мы опаздываем", "Время вышло, а ответа ещё нет: простите. Проверка идёт; на что ушло время:"),
        "en": ("we are late", "Time is up and there is no answer yet: sorry. We go on; where the time went:"),
    },
    NotificationKind.UNPROCESSABLE: {
        "ru": ("проверить не удалось", "Эту машину проверить не удалось. Почему — здесь:"),
        "en": ("the check was not possible", "This car could not be checked. Why, it says here:"),
    },
    NotificationKind.EXPIRED: {
        "ru": ("заявка закрыта", "Мы не дождались ответа и закрыли заявку. Подробности здесь:"),
        "en": ("the request was closed", "We had no answer for long and closed the request. More here:"),
    },
}

_GREETING: Final[Mapping[Language, str]] = {"ru": "Здравствуйте!", "en": "Hello!"}
_SIGN_OFF: Final[Mapping[Language, str]] = {
    "ru": "Автодетектив\nНа это письмо отвечать не нужно.",
    "en": "Autodetective\nThere is no need to answer this letter.",
}


def notification(kind: NotificationKind, language: Language, *, number: str, link: str) -> Wording:
    """That something happened to the inspection `number`; `link` shows it."""
    subject, sentence = _NOTIFICATIONS[kind][language]
    return Wording(
        subject=f"{number}: {subject}",
        letter=_letter(language, f"{sentence}\n{link}"),
        short=f"{BRAND[language]}, {number}. {sentence} {link}",
    )


def sign_in_code(code: str, language: Language, *, valid_for: timedelta) -> Wording:
    """The code, how long it lives and what not to do with it."""
    minutes = int(valid_for.total_seconds() // 60)
    if language == "ru":
        subject = f"{code} — код для входа"
        sentence = f"Код для входа: {code}. Он действует {minutes} мин. Никому его не сообщайте."
        unasked = "Если вы не входили, просто удалите это письмо."
    else:
        subject = f"{code} is your sign-in code"
        sentence = f"Your sign-in code: {code}. It is valid for {minutes} min. Tell it to nobody."
        unasked = "If you did not try to sign in, just delete this letter."
    return Wording(subject, _letter(language, f"{sentence}\n\n{unasked}"), f"{BRAND[language]}. {sentence}")


def test_message(language: Language) -> Wording:
    """That messages come in here."""
    if language == "ru":
        subject, sentence = "проверка связи", "Сообщения доходят: сюда придёт и ответ эксперта."
    else:
        subject, sentence = "a test message", "Messages come in here, and so will the expert's answer."
    return Wording(
        f"{BRAND[language]}: {subject}", _letter(language, sentence), f"{BRAND[language]}. {sentence}"
    )


def _letter(language: Language, body: str) -> str:
    return f"{_GREETING[language]}\n\n{body}\n\n{_SIGN_OFF[language]}\n"
