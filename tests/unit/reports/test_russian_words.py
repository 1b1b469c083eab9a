"""What the person and the document are called in Russian: one word each in the apps, another in the report."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from shared_schemas.report.presenting.catalogue import FOLDER

ROOT: Final = Path(__file__).parents[3]
IN_REPORTS: Final = ("legal.ru.arb", "ru.arb")
ELSEWHERE: Final = (
    "bpa_service/notifications/messages/ru.arb",
    "bpa_service/web/messages/ru.arb",
    "cabinet_service/notifications/messages/ru.arb",
    "cabinet_service/web/messages/ru.arb",
    "service_kit/web/messages/ru.arb",
)
OF_APPS: Final = re.compile(r"\bэксперт(?!из)|\bотч[её]т", re.IGNORECASE)
OF_REPORTS: Final = re.compile(r"\bспециалист|\bзаключени[еяю]", re.IGNORECASE)
SAYS_WHAT_IT_IS_NOT: Final = "kind.opinion"
"""In which the term of procedure has to stand."""


def texts(path: Path) -> dict[str, str]:
    written = json.loads(path.read_text(encoding="utf-8"))
    return {key: text for key, text in written.items() if not key.startswith("@")}


@pytest.mark.parametrize("name", IN_REPORTS)
def test_a_report_has_no_expert_and_is_none(name: str) -> None:
    wrong = {key for key, text in texts(FOLDER / name).items() if OF_APPS.search(text)}
    assert wrong <= {SAYS_WHAT_IT_IS_NOT}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_apps_have_experts_and_reports(name: str) -> None:
    assert {key for key, text in texts(ROOT / name).items() if OF_REPORTS.search(text)} == set()
