"""What a later check of a car says otherwise: in facts, and in words that claim no more."""

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from shared_schemas.events.bpa_v1 import FindingSeverity, FindingView
from shared_schemas.records import CoverageState, Kind
from shared_schemas.report.content import MOST_ENTRIES, Report, ReportBlock, ReportEntry
from shared_schemas.report.presented import Comparison, HistoryCard, Paragraph, Section
from shared_schemas.report.presenting.since import NewRecords, since, tell_since
from shared_schemas.words import IdentifierKind, Verdict
from tests.factories import any_report
from tests.factories.reports import (
    MOSCOW,
    a_claim,
    a_decision,
    a_finding,
    a_history,
    a_report,
    an_entry,
    an_id,
    covered,
)
from tests.unit.reports.reading import ours

STANDS_OUT: Final = a_finding(0, FindingSeverity.ANOMALY, "Знак выше")
OLD: Final = an_entry(0, date(2019, 5, 1), mileage_km=50_000)
NEW: Final = an_entry(1, date(2026, 5, 1), mileage_km=90_000)
REPORTS: Final = any_report.reports()


def an_answer(
    *findings: FindingView, verdict: Verdict = Verdict.DOUBTS, records: Any = (), **history: Any
) -> Report:
    block = a_block(*records)
    return a_report(a_decision(verdict, findings), history=a_history([block], **history))


def a_block(*entries: ReportEntry, count: int | None = None) -> ReportBlock:
    many = len(entries) if count is None else count
    coverage = covered("gibdd", CoverageState.DATA if many else CoverageState.EMPTY, count=many)
    return ReportBlock(kind=Kind.SERVICE, coverage=(coverage,), count=many, entries=entries)


def with_block(block: ReportBlock) -> Report:
    return a_report(a_decision(Verdict.CLEAN), history=a_history([block]))


def told(before: Report, after: Report) -> Section:
    return tell_since(before, after, language="en", zone=MOSCOW)


def words(before: Report, after: Report) -> str:
    return "\n".join(ours(told(before, after)))


def test_what_appeared_and_what_is_gone() -> None:
    other = a_finding(1, FindingSeverity.CONTRADICTION, "Глубина не та")
    found = since(an_answer(STANDS_OUT), an_answer(other, verdict=Verdict.FORGERY_SIGNS))
    assert (found.has_other_verdict, found.appeared, found.gone) == (True, (other,), (STANDS_OUT,))


def test_a_finding_is_the_same_whatever_its_case_calls_it_and_however_it_is_spaced() -> None:
    again = STANDS_OUT.model_copy(update={"finding_id": an_id("another"), "text": " знак  ВЫШЕ "})
    found = since(an_answer(STANDS_OUT), an_answer(again))
    assert (found.appeared, found.gone) == ((), ())


def test_what_weighs_otherwise_now_or_was_explained_is_another_finding() -> None:
    for changed in ({"severity": FindingSeverity.CONFIRMED}, {"explanation": "Заводское"}):
        now = STANDS_OUT.model_copy(update=changed)
        assert since(an_answer(STANDS_OUT), an_answer(now)).appeared == (now,)


def test_a_record_is_the_same_though_it_was_asked_for_anew() -> None:
    again = OLD.model_copy(update={"id": "another", "as_of": OLD.as_of + timedelta(days=9)})
    assert since(an_answer(records=[OLD]), an_answer(records=[again])).records == ()


def test_records_that_were_not_there() -> None:
    found = since(an_answer(records=[OLD]), an_answer(records=[NEW, OLD]))
    assert found.records == (NewRecords(Kind.SERVICE, (NEW,), 0),)


def test_what_may_not_have_been_listed_is_not_called_new() -> None:
    """The earlier report lists the newest alone; where one of them is taken back an older one is listed now."""
    days = [date(2026, 1, 1) - timedelta(days=number) for number in range(MOST_ENTRIES + 1)]
    entries = [an_entry(number, day) for number, day in enumerate(days)]
    before = with_block(a_block(*entries[:-1], count=len(entries)))
    after = with_block(a_block(*entries[1:]))
    assert since(before, after).records == ()


def test_a_record_that_a_finding_names_does_not_make_the_list_reach_further_back() -> None:
    """It stands behind the newest, however old it is; what lies between was left out."""
    days = [date(2026, 1, 1) - timedelta(days=number) for number in range(MOST_ENTRIES + 2)]
    entries = [an_entry(number, day) for number, day in enumerate(days)]
    *newest, between, named = entries
    before = with_block(a_block(*newest, named, count=len(entries)))
    after = with_block(a_block(*newest[1:], between, named))
    assert since(before, after).records == ()


def test_new_records_that_are_not_listed_are_counted() -> None:
    listed = [an_entry(number, date(2026, 1, 1)) for number in range(MOST_ENTRIES)]
    before = with_block(a_block(*listed, count=40))
    after = with_block(a_block(*listed, count=43))
    assert since(before, after).records == (NewRecords(Kind.SERVICE, (), 3),)
    assert "Not listed, beyond the former number: 3 records." in words(before, after)


def test_without_a_history_on_both_sides_nothing_is_said_of_records() -> None:
    bare = a_report(a_decision(Verdict.DOUBTS), history=None)
    for before, after in ((bare, an_answer(records=[NEW])), (an_answer(records=[NEW]), bare)):
        assert since(before, after).records is None
        assert "cannot be compared" in words(before, after)
        assert "no record that" not in words(before, after)


def test_who_did_not_answer_is_named_beside_that_there_is_nothing_new() -> None:
    silent = ReportBlock(
        kind=Kind.SERVICE, coverage=(covered("gibdd", CoverageState.FAILED, reason="time_out"),), count=0
    )
    assert "Not all answered this time" in words(an_answer(), with_block(silent))
    assert "Not all answered" not in words(an_answer(), an_answer())


def test_who_did_not_answer_last_time_is_named_beside_what_is_new() -> None:
    silent = ReportBlock(
        kind=Kind.SERVICE, coverage=(covered("gibdd", CoverageState.FAILED, reason="time_out"),), count=0
    )
    assert "Last time ГИБДД did not answer" in words(with_block(silent), an_answer(records=[NEW]))
    for before, after in (
        (with_block(silent), an_answer()),
        (an_answer(), an_answer(records=[NEW])),
        (with_block(silent.model_copy(update={"kind": Kind.WANTED})), an_answer(records=[NEW])),
    ):
        assert "Last time" not in words(before, after)


def test_a_plate_alone_is_not_said_to_be_the_same_car() -> None:
    one = an_answer()
    plate = a_claim(identifier_kind=IdentifierKind.PLATE, identifier="А123ВС77")
    by_plate = one.model_copy(update={"claim": plate})
    assert "of the same car, by the same number" in words(one, one)
    assert "with the same plate" in words(by_plate, by_plate)
    assert "same car" not in words(by_plate, by_plate)


def test_that_the_earlier_answer_is_disputed_is_said() -> None:
    one = an_answer()
    section = tell_since(one, one, language="en", zone=MOSCOW, is_disputed=True)
    assert "That answer is disputed now, and may change." in ours(section)
    assert "disputed" not in words(one, one)


def test_it_is_told_in_one_section() -> None:
    section = told(an_answer(STANDS_OUT, records=[OLD]), an_answer(records=[NEW, OLD], verdict=Verdict.CLEAN))
    [table] = [block for block in section.blocks if isinstance(block, Comparison)]
    [card] = [block for block in section.blocks if isinstance(block, HistoryCard)]
    assert section.id == "since"
    assert [row.what for row in table.rows] == ["Verdict", "Anomaly"]
    assert table.rows[1].after == ()
    assert len(card.rows) == 1
    assert "90" in card.rows[0].what
    assert card.standing


def test_that_nothing_changed_is_said() -> None:
    one = an_answer(STANDS_OUT, records=[OLD])
    section = told(one, one)
    assert all(isinstance(block, Paragraph) for block in section.blocks)
    text = words(one, one)
    assert "The verdict is the same" in text
    assert "No finding is new" in text
    assert "no record that the last answer did not have" in text


@given(REPORTS)
def test_a_check_differs_in_nothing_from_itself(report: Report) -> None:
    found = since(report, report)
    assert (found.has_other_verdict, found.appeared, found.gone) == (False, (), ())
    assert not found.records


@given(REPORTS, REPORTS)
def test_findings_less_what_is_gone_and_with_what_appeared_are_those_of_now(
    before: Report, after: Report
) -> None:
    found, back = since(before, after), since(after, before)
    assert (found.appeared, found.gone) == (back.gone, back.appeared)
    old, new, gone, appeared = (
        Counter(_said(one) for one in some)
        for some in (_findings(before), _findings(after), found.gone, found.appeared)
    )
    assert old - gone + appeared == new


@given(REPORTS, REPORTS, st.data())
def test_no_record_of_before_is_called_new_in_whatever_order(
    before: Report, after: Report, data: st.DataObject
) -> None:
    known = {_without(one) for block in _blocks(before) for one in block.entries}
    fresh = [one for new in since(before, after).records or () for one in new.entries]
    # What stands there oftener than before is new as often as it does.
    counted = Counter(_without(one) for block in _blocks(after) for one in block.entries)
    assert all(counted[_without(one)] > 1 for one in fresh if _without(one) in known)
    mixed = [
        block.model_copy(update={"entries": tuple(data.draw(st.permutations(block.entries)))})
        for block in _blocks(after)
    ]
    if after.history:
        again = after.model_copy(
            update={"history": after.history.model_copy(update={"blocks": tuple(mixed)})}
        )
        other = [one for new in since(before, again).records or () for one in new.entries]
        assert Counter(map(_without, fresh)) == Counter(map(_without, other))


@given(REPORTS, REPORTS, st.sampled_from(["ru", "en"]))
def test_whatever_changed_can_be_told(before: Report, after: Report, language: Any) -> None:
    section = tell_since(before, after, language=language, zone=MOSCOW)
    assert section.title
    assert section.blocks


def _findings(report: Report) -> tuple[FindingView, ...]:
    return report.decision.findings if report.decision else ()


def _said(finding: FindingView) -> tuple[str, ...]:
    weight = "explained" if finding.explanation else str(finding.severity)
    return weight, *(" ".join(text.split()).casefold() for text in (finding.text, finding.explanation or ""))


def _blocks(report: Report) -> tuple[ReportBlock, ...]:
    return report.history.blocks if report.history else ()


def _without(entry: ReportEntry) -> str:
    return entry.model_dump_json(exclude={"id", "as_of"})
