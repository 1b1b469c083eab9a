"""What the apps show of the words of the services, and what they say themselves, is said in words of people."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import bpa_service
import cabinet_service
import service_kit
from service_kit.http.problems import Problem

CHECKOUT: Final = Path(__file__).parents[2]
# Said to programs. The apps have words of their own for these, by the code.
TECHNICAL: Final = re.findall(
    r'^  "?([a-z_]+)"?,$',
    (CHECKOUT / "service_kit/web/ui/errors.ts").read_text(encoding="utf-8"),
    re.MULTILINE,
)
# What is filled in is a number, a name, or something that the reader wrote or can see.
FILLED_IN: Final = {
    *(
        "changed_by",
        "company",
        "count",
        "days",
        "file",
        "height",
        "held",
        "holder",
        "known",
        "least",
        "limit",
        "login",
    ),
    *("max_bytes", "minutes", "most", "most_edge", "most_pixels", "names", "owner", "retry_after"),
    *("contact", "members", "name", "said"),
    *("since", "who"),
    *("address", "scope", "sent", "taken"),  # of keys, for who writes programs
    *("receiver", "size", "source", "tries_left", "version", "wait", "width"),
}
# Of a program that sends ids, never of a screen.
IDS: Final = {"branch_id", "company_id", "evidence_ids", "finding_ids", "found", "info_task_id", "received"}
DEVELOPERS: Final = re.compile(r"`|\b[a-z]+_[a-z_]+\b|\{")
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def problems() -> Iterator[type[Problem]]:
    for package in (service_kit, bpa_service, cabinet_service):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("errors") or ".http." in module.name or module.name.endswith("sessions"):
                importlib.import_module(module.name)
    waiting: list[type[Problem]] = [Problem]
    for problem in waiting:
        waiting.extend(problem.__subclasses__())
        if hasattr(problem, "code"):
            yield problem


def _name(problem: type[Problem]) -> str:
    return problem.__qualname__


@pytest.mark.parametrize("problem", sorted(set(problems()), key=_name))
def test_a_problem_that_a_screen_may_show_has_no_word_of_developers(problem: type[Problem]) -> None:
    if problem.code in TECHNICAL:
        return
    for text in (problem.en, problem.ru):
        assert set(PLACEHOLDER.findall(text)) <= FILLED_IN | IDS
        assert not DEVELOPERS.search(PLACEHOLDER.sub("7", text)), text


def test_the_apps_have_words_of_their_own_for_what_is_said_to_programs() -> None:
    assert {"malformed_request", "bad_upload_header", "tus_version"} <= set(TECHNICAL)


@pytest.mark.parametrize("app", ["cabinet_service", "bpa_service", "service_kit"])
def test_an_app_says_no_word_of_developers_itself(app: str) -> None:
    catalogue = json.loads((CHECKOUT / app / "web/messages/ru.arb").read_text(encoding="utf-8"))
    texts = {key: text for key, text in catalogue.items() if not key.startswith("@")}
    assert texts
    for key, text in texts.items():
        bare = re.sub(r"\{\w+\}", "", text)
        assert not re.search(r"`|\b[a-z]+_[a-z_]+\b", bare), f"{key}: {text}"
