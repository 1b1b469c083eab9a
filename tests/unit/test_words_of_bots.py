"""The words of the bots: in both languages, with the same values, for everything that it may have to say."""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

import bpa_service.telegram
import cabinet_service.max
import cabinet_service.telegram
from bpa_service.cases.arranging.domain import View
from bpa_service.telegram import texts as desk_texts
from cabinet_service.inspections.asking.schemas import RefusalReason
from cabinet_service.inspections.core.domain import VIN_PLACES, Missing
from cabinet_service.telegram import texts
from service_kit.chats.saying import Saying, opens_outside, shortened
from service_kit.chats.updates import NotFollowed
from shared_schemas.words import InspectionState, Shot, Verdict


@dataclass(frozen=True)
class Bot:
    """What one service's bot says. `of_words` are put together in its code out of words of the domain."""

    folder: Path
    of_words: frozenset[str]

    @property
    def said(self) -> dict[str, dict[str, str]]:
        return {
            language: {
                key: text
                for key, text in json.loads(
                    (self.folder / "messages" / f"{language}.arb").read_text("utf-8")
                ).items()
                if not key.startswith("@")
            }
            for language in ("ru", "en")
        }

    def strings(self) -> set[str]:
        """Every text that stands in the slice's code."""
        trees = [ast.parse(path.read_text("utf-8")) for path in self.folder.glob("*.py")]
        nodes = (node for tree in trees for node in ast.walk(tree))
        return {
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }


CLIENTS: Final = Bot(
    Path(cabinet_service.telegram.__file__).parent,
    frozenset(
        {
            *(f"state.{one}" for one in InspectionState),
            *(f"verdict.{one}" for one in Verdict),
            *(f"cannot.{one}" for one in RefusalReason),
            *(f"missing.{one}" for one in Missing),
            *(f"shot.{one}" for one in (*VIN_PLACES, Shot.OTHER)),
            *(f"link.{one}" for one in NotFollowed),
            *(f"commands.{one}" for one in texts.COMMANDS),
            *(f"other.{one}" for one in ("voice", "video", "location", "other", "text")),
            *("question.yes", "question.no"),
        }
    ),
)
EXPERTS: Final = Bot(
    Path(bpa_service.telegram.__file__).parent,
    frozenset(
        {
            *(f"link.{one}" for one in NotFollowed),
            *(f"commands.{one}" for one in desk_texts.COMMANDS),
            *(f"queue.{one}" for one in View if one is not View.ALL),
            *(f"shift.{one}" for one in ("on", "off", "turn_on", "turn_off")),
        }
    ),
)
IN_MAX: Final = Bot(
    Path(cabinet_service.max.__file__).parent,
    frozenset(
        {
            *(f"link.{one}" for one in NotFollowed),
            *(f"other.{one}" for one in ("photo", "other", "text")),
        }
    ),
)
bots = pytest.mark.parametrize("bot", [CLIENTS, EXPERTS, IN_MAX], ids=["clients", "experts", "in MAX"])


@bots
def test_both_languages_say_the_same_with_the_same_values(bot: Bot) -> None:
    said = bot.said
    assert said["ru"].keys() == said["en"].keys()
    for key, russian in said["ru"].items():
        assert re.findall(r"\{\w+\}", russian) == re.findall(r"\{\w+\}", said["en"][key]), key


@bots
def test_there_are_words_for_every_word_of_ours(bot: Bot) -> None:
    assert bot.said["ru"].keys() >= bot.of_words


@bots
def test_nothing_is_there_that_nobody_says(bot: Bot) -> None:
    assert bot.said["ru"].keys() - bot.of_words <= bot.strings()


def test_labels_of_buttons_fit_a_phone() -> None:
    for said in CLIENTS.said.values():
        for key, text in said.items():
            if key.startswith(("shot.", "cannot.n", "number.s", "number.r", "question.yes")):
                assert len(text) <= 80, key


@pytest.mark.parametrize(
    ("url", "outside"),
    [
        ("https://cars.example/x", True),
        ("http://localhost:8001/x", False),
        ("http://127.0.0.1:8001", False),
        ("http://10.0.0.7/x", False),
        ("http://8.8.8.8/x", True),
        ("http://cabinet.internal/x", False),
        ("not an address", False),
    ],
)
def test_only_what_leads_outside_is_a_button(url: str, outside: bool) -> None:
    assert opens_outside(url) is outside


@pytest.mark.parametrize("text", ["", "a", "🚗🚗🚗", "x" * 20, "🚗" * 20])
def test_shortened_words_have_room(text: str) -> None:
    short = shortened(text, 10)
    assert len(short.encode("utf-16-le")) // 2 <= 10
    assert short == text or short.endswith("…")


def test_what_is_to_be_said_survives_being_kept() -> None:
    saying = Saying(html="<b>x</b>", buttons=[], is_silent=True, edits=5, answers="q", toast="t")
    assert Saying.of(json.loads(json.dumps(saying.as_json()))) == saying
