import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from cabinet_service.accounts.domain import Change, Language
from cabinet_service.notifications import texts
from cabinet_service.notifications.kinds import URGENCY, NotificationKind, WebhookNews

LINK = "https://example.com/inspections/1"
GATHERED: Final = [kind for kind in NotificationKind if URGENCY[kind].gathered_within]
CATALOGUES: Final = Path(texts.__file__).with_name("messages")


def catalogue(language: Language) -> dict[str, str]:
    written: dict[str, str] = json.loads((CATALOGUES / f"{language}.arb").read_text(encoding="utf-8"))
    return {key: text for key, text in written.items() if not key.startswith("@")}


def test_every_language_says_the_same_with_the_same_placeholders() -> None:
    written = [
        {key: sorted(re.findall(r"\{(.*?)\}", text)) for key, text in catalogue(language).items()}
        for language in ("ru", "en")
    ]
    assert written[0] == written[1]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_there_is_no_text_that_nobody_gets(language: Language) -> None:
    wordings = [
        *(texts.notification(kind, language, number="A-1", link=LINK) for kind in NotificationKind),
        texts.sign_in_code("012345", language, valid_for=timedelta(minutes=10)),
        texts.contact_code("012345", language, valid_for=timedelta(minutes=10)),
        *(texts.account_changed(change, language, link=LINK) for change in Change),
        texts.test_message(language, link="https://x.example.com/"),
        *(texts.together(kind, language, count=7, link=LINK) for kind in GATHERED),
        *(texts.webhook_news(news, language, address="example.com", link=LINK) for news in WebhookNews),
    ]
    got = "\n".join(f"{one.subject}\n{one.letter}\n{one.short}\n{one.action}" for one in wordings)
    for key, text in catalogue(language).items():
        assert text.format(code="012345", minutes=10, count=7, address="example.com") in got, key


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", list(NotificationKind))
def test_there_are_words_for_everything_in_both_languages(kind: NotificationKind, language: Language) -> None:
    wording = texts.notification(kind, language, number="A-1000001", link=LINK)
    assert wording.subject.startswith("A-1000001: ")
    assert LINK in wording.letter.splitlines()
    assert "A-1000001" in wording.short
    assert wording.short.endswith(LINK)
    has_russian = any("а" <= letter <= "я" for letter in wording.short.lower())
    assert has_russian == (language == "ru")


@pytest.mark.parametrize("kind", list(NotificationKind))
def test_a_short_message_fits_into_four_parts(kind: NotificationKind) -> None:
    link = f"https://cabinet.example.com/inspections/{uuid4()}/questions/{uuid4()}"
    short = texts.notification(kind, "ru", number="A-1000001", link=link).short
    assert len(short) <= 4 * 67  # what a part holds of Cyrillic


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_code_comes_with_how_long_it_lives(language: Language) -> None:
    wording = texts.sign_in_code("012345", language, valid_for=timedelta(minutes=10))
    for text in (wording.subject, wording.letter, wording.short):
        assert "012345" in text
    assert "10" in wording.letter
