"""What clients and experts read speaks of signs of altered markings, and of no forgery: photos establish none."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bpa_service.playbook import starter

CHECKOUT: Final = Path(__file__).parents[2]
SHIPPED: Final = ("bpa_service", "cabinet_service", "service_kit", "shared_schemas")
CATALOGUES: Final = sorted(
    path
    for folder in SHIPPED
    for path in (CHECKOUT / folder).glob("**/messages/*.arb")
    if "node_modules" not in path.parts
)
FORGERY: Final = re.compile(r"поддел|фальшив|перебит|forge|fake|counterfeit", re.IGNORECASE)
# What is asked before anybody looked, and what an expert may look for.
ASKED: Final = {"home/Home.promise", "search/Examples.asked.where"}


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    for key, text in json.loads(path.read_text(encoding="utf-8")).items():
        if not key.startswith("@") and key not in ASKED:
            yield key, text


def test_every_catalogue_is_read() -> None:
    folders = {path.parent.relative_to(CHECKOUT).as_posix() for path in CATALOGUES}
    assert {f"{folder}/web/messages" for folder in SHIPPED[:3]} < folders
    assert "shared_schemas/report/presenting/messages" in folders


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_nothing_is_called_a_forgery(path: Path) -> None:
    assert [key for key, text in _texts(path) if FORGERY.search(text)] == []


def test_nor_is_it_by_the_words_that_experts_begin_with() -> None:
    words = [f"{words.title} {words.text}" for pair in starter.TEMPLATES for words in pair]
    checks = [str(check) for check in starter.CHECKS]
    assert [text for text in words + checks if FORGERY.search(text)] == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_that_none_are_seen_is_said_as_the_report_says_it(language: str) -> None:
    report = dict(_texts(CHECKOUT / f"shared_schemas/report/presenting/messages/legal.{language}.arb"))
    in_the_apps = dict(_texts(CHECKOUT / f"service_kit/web/messages/{language}.arb"))
    in_the_chats = dict(_texts(CHECKOUT / f"cabinet_service/telegram/messages/{language}.arb"))
    assert in_the_apps["verdicts.clean"] == report["verdict.clean.title"]
    assert in_the_chats["verdict.clean"] == report["verdict.clean.title"]
