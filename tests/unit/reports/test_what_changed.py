"""What changed between two versions: all is said to be the same only where it is, and no row says nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.evidence import AnsweredShot
from shared_schemas.records import CoverageState, Kind, Outcome, Precision
from shared_schemas.report.content import (
    Contradiction,
    ReadMileage,
    RecallInRange,
    Report,
    ReportBlock,
    ReportHistory,
    Saying,
    Silence,
)
from shared_schemas.report.presented import Reader, Scope
from shared_schemas.report.presenting import WHOLE, changes, present
from shared_schemas.report.presenting.catalogue import SAID
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.words import Shot, ShotAnswer, Verdict
from tests.factories import any_report
from tests.factories.reports import (
    BEGAN,
    MOSCOW,
    a_claim,
    a_decision,
    a_finding,
    a_history,
    a_photo,
    a_report,
    an_entry,
    covered,
    photos,
    usual_history,
)
from tests.unit.reports.reading import compared, ours, section
from tests.unit.reports.ways import WAYS, Way, told

RU: Final = SAID["ru"]
FINDING: Final = a_finding(0, FindingSeverity.ANOMALY, "Знак выше")


def an_answer(**given: Any) -> Report:
    stated: dict[str, Any] = {"decision": a_decision(Verdict.DOUBTS, [FINDING], advice="Подождите.")}
    return a_report(**stated | given)


def a_pledge(outcome: Outcome, **entry: Any) -> ReportHistory:
    one = an_entry(0, date(2020, 1, 9), outcome=outcome, **entry)
    coverage = (covered("gibdd", CoverageState.DATA, count=1),)
    return a_history([ReportBlock(kind=Kind.PLEDGE, coverage=coverage, count=1, entries=(one,))])


def sentences(before: Report, after: Report, reader: Reader = Reader.BUYER, scope: Scope = WHOLE) -> str:
    read = present(after, language="ru", zone=MOSCOW, reader=reader, scope=scope, previous=before)
    found = section(read, "changes")
    assert found is not None
    return "\n".join(ours(found))


def of(**history: Any) -> Callable[[], Report]:
    return lambda: an_answer(history=usual_history().model_copy(update=history))


def with_finding(**given: Any) -> Report:
    return an_answer(
        decision=a_decision(Verdict.DOUBTS, [FINDING.model_copy(update=given)], advice="Подождите.")
    )


OTHERS: Final[dict[str, Callable[[], Report]]] = {
    "shot answers": lambda: an_answer(
        shot_answers=[AnsweredShot(shot=Shot.SEAT_BELT_TAG, answer=ShotAnswer.NOT_FOUND)]
    ),
    "contradictions": lambda: an_answer(
        contradictions=[
            Contradiction(
                about="year",
                severity=DoubtSeverity.ANOMALY,
                sayings=(Saying(said="2004", by=("claim",)), Saying(said="2005", by=("vin",))),
            )
        ]
    ),
    "mileages": of(
        mileages=(ReadMileage(day=date(2019, 3, 5), precision=Precision.DAY, km=1, source="gibdd"),)
    ),
    "owners": of(owners=3),
    "recalls": of(recalls=(RecallInRange(source="recalls_uk", text="Airbag", certain=True),)),
    "silences": of(silences=(Silence(first_year=2001, last_year=2002),)),
    "claim": lambda: an_answer(claim=a_claim(mileage_km=1)),
    "record of a finding": lambda: with_finding(record_ref="record-9"),
    "rule of a finding": lambda: with_finding(rule_ref="rule-9"),
    "places of a finding": lambda: with_finding(places=()),
    "no history": lambda: an_answer(history=None),
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("scope", [WHOLE, Scope(photos=False, history=False)], ids=["whole", "cut"])
@pytest.mark.parametrize("reader", list(Reader))
def test_whatever_differs_is_not_said_to_be_the_same(name: str, reader: Reader, scope: Scope) -> None:
    after = OTHERS[name]()
    assert not changes(an_answer(), after).are_none
    text = sentences(an_answer(), after, reader, scope)
    assert RU["changes.same"] not in text


def test_the_same_is_said_to_be_the_same_whenever_it_was_asked() -> None:
    before = an_answer(history=a_pledge(Outcome.ACTIVE))
    after = an_answer(history=a_pledge(Outcome.ACTIVE, as_of=BEGAN + timedelta(days=1)))
    assert changes(before, after).are_none
    assert RU["changes.same"] in sentences(before, after)


def test_a_record_that_came_out_otherwise_is_shown_side_by_side() -> None:
    before, after = an_answer(history=a_pledge(Outcome.ACTIVE)), an_answer(history=a_pledge(Outcome.ENDED))
    read = present(after, language="ru", zone=MOSCOW, previous=before)
    (row,) = compared(read)
    assert row.before[-1] == "9 января 2020: Залог, действует"
    assert row.after[-1] == "9 января 2020: Залог, уже в прошлом"
    assert RU["changes.not_shown"] not in sentences(before, after)


def test_what_changed_in_records_that_are_not_shown_is_said_to_be_so() -> None:
    before, after = an_answer(history=a_pledge(Outcome.ACTIVE)), an_answer(history=a_pledge(Outcome.ENDED))
    text = sentences(before, after, scope=Scope(history=False))
    assert RU["changes.not_shown"] in text
    assert "Залог" not in text


def test_advice_that_changed_is_not_shown_to_a_seller() -> None:
    after = an_answer(decision=a_decision(Verdict.DOUBTS, [FINDING], advice="Уходите."))
    assert RU["changes.not_shown"] in sentences(an_answer(), after, Reader.SELLER)
    assert RU["changes.not_shown"] not in sentences(an_answer(), after)


def test_photos_that_were_swapped_are_told() -> None:
    after = an_answer(photos=(*photos(9), a_photo(70), a_photo(71)))
    (row,) = compared(present(after, language="ru", zone=MOSCOW, previous=an_answer()))
    assert row.before == ("10 снимков",)
    assert row.after == ("11 снимков", "убрано: 1 снимок", "добавлено: 2 снимка")


def test_parts_that_differ_are_named() -> None:
    after = OTHERS["owners"]()
    assert "Изменилось также: число владельцев." in sentences(an_answer(), after)
    assert "число владельцев" not in sentences(an_answer(), after, scope=Scope(history=False))


@given(any_report.reports(), any_report.reports(), WAYS)
def test_no_row_has_the_same_on_both_sides(old: Report, new: Report, way: Way) -> None:
    assert all(row.before != row.after for row in compared(told(new, way, previous=old)))


@given(any_report.reports(), WAYS)
def test_a_report_is_the_same_as_itself(report: Report, way: Way) -> None:
    found = section(told(report, way, previous=report), "changes")
    assert found is not None
    assert SAID[way[0]]["changes.same"] in ours(found)
