"""What a report says to whom: sections in their order, an expert's own words first, nothing out of scope."""

from pathlib import Path
from typing import Final, get_args

import pytest

from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Reader, Scope
from shared_schemas.report.presenting import ReasonCode, present, reason_of, short
from tests.factories import reports

LANGUAGES: Final = get_args(ReportLanguage)
DOCS: Final = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("name", reports.EXAMPLES)
def test_every_example_can_be_read_by_everybody(name: str, reader: Reader, language: ReportLanguage) -> None:
    report = reports.EXAMPLES[name]()
    told = present(report, language=language, reader=reader, zone=reports.MOSCOW)
    assert told.masthead.verdict_text
    assert all(section.blocks for section in told.sections)
    assert short(report, language=language, zone=reports.MOSCOW).not_covered


def test_sections_come_in_their_order() -> None:
    told = present(reports.amended(), language="ru", zone=reports.MOSCOW, previous=reports.one_finding())
    assert [section.id for section in told.sections] == [
        *("changes", "verdict", "now", "found", "seen", "contradictions"),
        *("history", "not_covered", "next", "clock", "about"),
    ]


def test_a_report_of_a_vehicle_says_that_nobody_has_looked_at_the_car() -> None:
    told = present(reports.vehicle(), language="ru", zone=reports.MOSCOW)
    assert told.masthead.verdict is None
    assert told.masthead.by is None
    assert told.masthead.verdict_title == "Эту машину никто из специалистов не смотрел"
    assert {"found", "seen", "clock"}.isdisjoint(section.id for section in told.sections)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (reports.clean(), ReasonCode.CLEAN),
        (reports.one_finding(), ReasonCode.SIGNS_CONTRADICTION),
        (reports.forty_findings(), ReasonCode.DOUBTS_CONTRADICTION),
        (reports.insufficient(), ReasonCode.INSUFFICIENT),
        (reports.vehicle(), ReasonCode.RECORDS),
        (reports.amended(), ReasonCode.CLEAN),
    ],
)
def test_the_reason_is_the_verdict_and_what_weighs_most(report: Report, code: ReasonCode) -> None:
    assert reason_of(report) is code
    assert short(report, language="en", zone=reports.MOSCOW).reason == code


def test_every_reason_is_in_the_table_and_no_other() -> None:
    table = (DOCS / "reason-codes.md").read_text(encoding="utf-8").splitlines()
    assert [line.split("`")[1] for line in table if line.startswith("| `")] == list(ReasonCode)


def test_what_is_out_of_scope_is_not_there() -> None:
    report = reports.forty_findings()
    scope = Scope(photos=False, history=False)
    told = present(report, language="ru", zone=reports.MOSCOW, scope=scope).model_dump_json()
    assert '"evidence_id"' not in told
    assert "61\N{NARROW NO-BREAK SPACE}000" not in told
    assert "history" not in {
        section.id for section in present(report, language="ru", zone=reports.MOSCOW, scope=scope).sections
    }


@pytest.mark.parametrize("reader", list(Reader))
def test_who_waits_for_an_answer_is_sent_to_wait_and_not_to_order_another(reader: Reader) -> None:
    awaited = reports.one_finding().model_copy(update={"decision": None, "author_role": None})
    told = present(awaited, language="en", reader=reader, zone=reports.MOSCOW)
    [following] = [section for section in told.sections if section.id == "next"]
    assert "Order a check" not in following.model_dump_json()
    assert "Wait for the" in following.model_dump_json()
