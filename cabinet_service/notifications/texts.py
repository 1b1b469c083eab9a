"""The words that clients get, in the languages of `messages`: one ARB file for each, with plain placeholders.

They hold no personal data, only the number of the inspection or the history and a link: letters lie in inboxes
and phones that others may look into.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, get_args

from cabinet_service.accounts.domain import Change, Language
from cabinet_service.notifications.kinds import OF_HISTORIES, NotificationKind, WebhookNews
from service_kit.notifying.channels import Wording

_FOLDER: Final = Path(__file__).with_name("messages")
_SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    language: json.loads((_FOLDER / f"{language}.arb").read_text(encoding="utf-8"))
    for language in get_args(Language)
}


def notification(kind: NotificationKind, language: Language, *, number: str, link: str) -> Wording:
    """That something happened to the inspection, or the history, `number`; `link` shows it."""
    said = _SAID[language]
    # The two ends may be those of a check or only of a dispute about an answer, which stands.
    subject, sentence = said[f"{kind}.subject"], said[f"{kind}.sentence"]
    return Wording(
        subject=f"{number}: {subject}",
        letter=_letter(language, f"{sentence}\n{link}"),
        short=f"{said['letter.brand']}, {number}. {sentence} {link}",
        title=f"{number}: {subject}",
        sentence=sentence,
        action=said["letter.open_history" if kind in OF_HISTORIES else "letter.open"],
        link=link,
    )


def together(kind: NotificationKind, language: Language, *, count: int, link: str) -> Wording:
    """That it happened to so many inspections, or histories; `link` shows them all."""
    said = _SAID[language]
    brand, sentence = said["letter.brand"], said[f"{kind}.many.sentence"]
    title = said[f"{kind}.many.subject"].format(count=count)
    return Wording(
        subject=title,
        letter=_letter(language, f"{sentence}\n{link}"),
        short=f"{brand}. {title}. {sentence} {link}",
        title=title,
        sentence=sentence,
        action=said["letter.open_histories" if kind in OF_HISTORIES else "letter.open_all"],
        link=link,
    )


def account_changed(change: Change, language: Language, *, link: str) -> Wording:
    """What changed in how one signs in; `link` is where one finds help."""
    said = _SAID[language]
    title = said[f"{change}.subject"]
    sentence = f"{said[f'{change}.sentence']} {said['account.not_you']}"
    return Wording(
        subject=title,
        letter=_letter(language, f"{sentence}\n{link}"),
        short=f"{said['letter.brand']}. {sentence} {link}",
        title=title,
        sentence=sentence,
        action=said["account.help"],
        link=link,
    )


def webhook_news(news: WebhookNews, language: Language, *, address: str, link: str) -> Wording:
    """What is wrong with the server `address` of one's company; `link` is where it can be mended."""
    said = _SAID[language]
    title = said[f"{news}.subject"]
    sentence = said[f"{news}.sentence"].format(address=address)
    return Wording(
        subject=title,
        letter=_letter(language, f"{sentence}\n{link}"),
        short=f"{said['letter.brand']}. {sentence} {link}",
        title=title,
        sentence=sentence,
        action=said["letter.open"],
        link=link,
    )


def sign_in_code(code: str, language: Language, *, valid_for: timedelta) -> Wording:
    """The code, how long it lives and what not to do with it."""
    return _code("code", code, language, valid_for)


def contact_code(code: str, language: Language, *, valid_for: timedelta) -> Wording:
    """The same of a code that adds the contact to an account."""
    return _code("adding", code, language, valid_for)


def _code(key: str, code: str, language: Language, valid_for: timedelta) -> Wording:
    said = _SAID[language]
    minutes = int(valid_for.total_seconds() // 60)
    sentence = said[f"{key}.sentence"].format(code=code, minutes=minutes)
    return Wording(
        subject=said[f"{key}.subject"].format(code=code),
        letter=_letter(language, f"{sentence}\n\n{said[f'{key}.unasked']}"),
        short=f"{said['letter.brand']}. {sentence}",
    )


def test_message(language: Language, *, link: str) -> Wording:
    """That messages come in here; `link` is where a tap leads."""
    said = _SAID[language]
    brand, sentence = said["letter.brand"], said["test.sentence"]
    title = f"{brand}: {said['test.subject']}"
    return Wording(
        title, _letter(language, sentence), f"{brand}. {sentence}", title=title, sentence=sentence, link=link
    )


def _letter(language: Language, body: str) -> str:
    said = _SAID[language]
    return f"{said['letter.greeting']}\n\n{body}\n\n{said['letter.sign_off']}\n"
