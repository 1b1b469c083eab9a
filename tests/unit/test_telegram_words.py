"""The words of the bot: in both languages, with the same values, for everything that it may have to say."""

import ast
import json
import re
from pathlib import Path
from typing import Final

import pytest

import cabinet_service.telegram
from cabinet_service.inspections.asking.schemas import RefusalReason
from cabinet_service.inspections.core.domain import VIN_PLACES, Missing
from cabinet_service.telegram import texts
from service_kit.telegram.saying import Saying, opens_outside, shortened
from shared_schemas.words import InspectionState, Shot, Verdict

FOLDER: Final = Path(cabinet_service.telegram.__file__).parent
SAID: Final = {
    language: {
        key: text
        for key, text in json.loads((FOLDER / "messages" / f"{language}.arb").read_text("utf-8")).items()
        if not key.startswith("@")
    }
    for language in ("ru", "en")
}
OF_WORDS: Final = {
    *(f"state.{one}" for one in InspectionState),
    *(f"verdict.{one}" for one in Verdict),
    *(f"cannot.{one}" for one in RefusalReason),
    *(f"missing.{one}" for one in Missing),
    *(f"shot.{one}" for one in (*VIN_PLACES, Shot.OTHER)),
    *(f"commands.{one}" for one in texts.COMMANDS),
    *(f"other.{one}" for one in ("voice", "video", "location", "other", "text")),
}


def strings() -> set[str]:
    """Every text that stands in the slice's code."""
    trees = [ast.parse(path.read_text("utf-8")) for path in FOLDER.glob("*.py")]
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_both_languages_say_the_same_with_the_same_values() -> None:
    assert SAID["ru"].keys() == SAID["en"].keys()
    for key, russian in SAID["ru"].items():
        assert re.findall(r"\{\w+\}", russian) == re.findall(r"\{\w+\}", SAID["en"][key]), key


def test_there_are_words_for_every_word_of_ours() -> None:
    assert SAID["ru"].keys() >= OF_WORDS


def test_nothing_is_there_that_nobody_says() -> None:
    asked = {"question.yes", "question.no"}  # put together from the button that was pressed
    assert SAID["ru"].keys() - OF_WORDS - asked <= strings()


def test_labels_of_buttons_fit_a_phone() -> None:
    for said in SAID.values():
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
