"""What experts are told in a message: a number, what happened, and where to look."""

import json
from pathlib import Path

import pytest

import bpa_service.notifications.texts
from bpa_service.experts.domain import Language
from bpa_service.notifications import texts
from bpa_service.notifications.kinds import NEWS, NEWS_KINDS, URGENCY, NotificationKind

FOLDER = Path(bpa_service.notifications.texts.__file__).with_name("messages")
GATHERED = [kind for kind in NotificationKind if URGENCY[kind].gathered_within]
LINK = "https://desk.example.com/cases/1"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", list(NotificationKind))
def test_there_are_words_for_everything_in_both_languages(kind: NotificationKind, language: Language) -> None:
    wording = texts.notification(kind, language, number="A-1000001", link=LINK)
    assert wording.title.startswith("A-1000001: ")
    assert wording.short.endswith(LINK)
    has_russian = any("а" <= letter <= "я" for letter in wording.short.lower())
    assert has_russian == (language == "ru")
    assert len(wording.title) < 60, "a lock screen cuts what is longer"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_there_is_no_text_that_nobody_gets(language: Language) -> None:
    catalogue = json.loads((FOLDER / f"{language}.arb").read_text(encoding="utf-8"))
    wanted = {f"{kind}.{part}" for kind in NotificationKind for part in ("title", "sentence")}
    wanted |= {f"{kind}.many" for kind in GATHERED} | {"open", "many.open", "many.sentence"}
    assert {key for key in catalogue if not key.startswith("@")} == wanted


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", GATHERED)
def test_many_are_told_in_a_line_with_their_number(kind: NotificationKind, language: Language) -> None:
    wording = texts.together(kind, language, count=17, link=LINK)
    assert "17" in wording.title
    assert "{" not in wording.short
    assert wording.short.endswith(LINK)
    assert any("а" <= letter <= "я" for letter in wording.short.lower()) == (language == "ru")
    assert len(wording.title) < 60


def test_every_kind_is_somebodys_news_and_has_its_urgency() -> None:
    assert {news.kind for news in NEWS.values()} == set(NEWS_KINDS) == set(URGENCY) - {NotificationKind.TEST}
