"""The words that experts get, in the languages of `messages`: one ARB file for each.

They hold no personal data and no verdict, only the case's number and a link: phones lie on tables.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from bpa_service.experts.domain import Language
from bpa_service.notifications.kinds import NotificationKind
from service_kit.notifying.channels import Wording

_FOLDER: Final = Path(__file__).with_name("messages")
_SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    language: json.loads((_FOLDER / f"{language}.arb").read_text(encoding="utf-8"))
    for language in get_args(Language)
}


def notification(kind: NotificationKind, language: Language, *, number: str, link: str) -> Wording:
    """That something happened to the case `number`; `link` shows it."""
    said = _SAID[language]
    title, sentence = f"{number}: {said[f'{kind}.title']}", said[f"{kind}.sentence"]
    short = f"{title}. {sentence} {link}"
    return Wording(
        subject=title,
        letter=f"{sentence}\n{link}\n",
        short=short,
        title=title,
        sentence=sentence,
        action=said["open"],
        link=link,
    )


def together(kind: NotificationKind, language: Language, *, count: int, link: str) -> Wording:
    """That it happened to so many cases; `link` shows the desk."""
    said = _SAID[language]
    title, sentence = said[f"{kind}.many"].format(count=count), said["many.sentence"]
    return Wording(
        subject=title,
        letter=f"{sentence}\n{link}\n",
        short=f"{title}. {sentence} {link}",
        title=title,
        sentence=sentence,
        action=said["many.open"],
        link=link,
    )


def test_message(language: Language, *, link: str) -> Wording:
    """That messages come in here; `link` is where a tap leads."""
    said = _SAID[language]
    title, sentence = said["test.title"], said["test.sentence"]
    short = f"{title}. {sentence}"
    return Wording(
        subject=title, letter=f"{sentence}\n", short=short, title=title, sentence=sentence, link=link
    )
