"""Whatever a report is, it can be read; its numbers and days are the data's, and words of people stay apart."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared_schemas import ledger
from shared_schemas.report.content import Report, ReportLanguage, digest_of
from shared_schemas.report.presented import Reader, Scope
from shared_schemas.report.presenting import present, short
from shared_schemas.report.presenting.catalogue import SAID
from tests.factories import any_report, reports
from tests.unit.reports.reading import others, ours
from tests.unit.reports.ways import LANGUAGES, WAYS, Way, told

GROUPED: Final = re.compile(r"(?<=\d)\N{NARROW NO-BREAK SPACE}(?=\d)")
NUMBER: Final = re.compile(r"\d+", re.ASCII)
OURS: Final = {"256"}
"""Numbers that are in our own words: SHA-256."""
ZONES: Final = st.sampled_from(
    [reports.MOSCOW, UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]
)


@given(any_report.reports(tame=False), WAYS, ZONES, st.none() | any_report.reports(tame=False))
def test_whatever_a_report_is_it_can_be_read(
    report: Report, way: Way, zone: timezone, previous: Report | None
) -> None:
    language, reader, scope = way
    read = present(report, language=language, reader=reader, scope=scope, zone=zone, previous=previous)
    assert read.masthead.verdict_title
    assert all(section.blocks and section.title for section in read.sections)
    assert short(report, language=language, zone=zone).reason_text


@given(any_report.reports(), WAYS, st.none() | any_report.reports())
def test_words_of_people_stand_in_places_of_their_own(
    report: Report, way: Way, previous: Report | None
) -> None:
    letters = set(any_report.PEOPLE)
    pages: list[BaseModel] = [
        told(report, way, previous),
        short(report, language=way[0], zone=reports.MOSCOW),
    ]
    for page in pages:
        assert not any(letters & set(text) for text in ours(page))


@given(any_report.reports(), WAYS)
def test_what_is_quoted_is_quoted_whole(report: Report, way: Way) -> None:
    claim = report.claim
    called = " ".join(filter(None, (claim.make, claim.model, str(claim.year) if claim.year else None)))
    dumped = set(_strings(report))
    assert all(words in dumped | {called} for words in others(told(report, way)))


@given(any_report.reports(), WAYS)
def test_every_number_comes_from_the_data(report: Report, way: Way) -> None:
    known = OURS | set(_numbers_of(report))
    read = told(report, way)
    for text in ours(read):
        if text != digest_of(report.body()):
            found = set(NUMBER.findall(GROUPED.sub("", text)))
            assert found <= known, (text, found - known)


@given(any_report.reports(), WAYS)
def test_every_month_comes_from_the_data(report: Report, way: Way) -> None:
    known = {day.month for day in _days(report)}
    names = {
        month: {SAID[way[0]][f"month.{month}"], SAID[way[0]][f"month.{month}.of"]} for month in range(1, 13)
    }
    text = " ".join(ours(told(report, way)))
    words = set(re.findall(r"\w+", text))
    months = {month for month, forms in names.items() if forms & words} - ({5} if way[0] == "en" else set())
    assert months <= known


@given(any_report.reports(), st.sampled_from(LANGUAGES), st.sampled_from(Reader))
def test_without_photos_there_is_no_picture(report: Report, language: ReportLanguage, reader: Reader) -> None:
    for history in (True, False):
        read = told(report, (language, reader, Scope(photos=False, history=history))).model_dump_json()
        assert "evidence_id" not in read
        ids = {one.evidence_id for one in report.photos}
        assert not any(str(one) in read for one in ids)


@given(any_report.reports(), st.sampled_from(LANGUAGES), st.sampled_from(Reader))
def test_without_history_there_is_no_record(report: Report, language: ReportLanguage, reader: Reader) -> None:
    kept = report.model_copy(update={"history": None, "contradictions": ()})
    read = told(report, (language, reader, Scope(history=False)))
    said_elsewhere = set(others(told(kept, (language, reader, Scope()))))
    said = {
        saying.said
        for one in report.contradictions
        for saying in one.sayings
        if set(saying.by) <= {"claim", "vin"}
    }
    assert set(others(read)) <= said_elsewhere | said
    assert not {"history"} & {one.id for one in read.sections}
    types = {block.type for section in read.sections for block in section.blocks}
    assert not types & {"history", "mileages"}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _strings(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:  # pyright: ignore[reportUnknownVariableType]  # whatever it holds
            yield from _strings(one)
    elif isinstance(value, str):
        yield value


def _values(value: Any, name: str = "") -> Iterator[Any]:
    """All values of the report but ids and digests."""
    if isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _values(getattr(value, field), field)
    elif isinstance(value, tuple):
        yield len(value)  # pyright: ignore[reportUnknownArgumentType]  # whatever it holds
        for one in value:  # pyright: ignore[reportUnknownVariableType]  # the same
            yield from _values(one, name)
    elif name != "sha256":
        yield value


def _days(report: Report) -> Iterator[date]:
    for value in _values(report):
        if isinstance(value, datetime):
            yield from (value.astimezone(zone).date() for zone in (UTC, reports.MOSCOW))
        elif isinstance(value, date):
            yield value


def _numbers_of(report: Report) -> Iterator[str]:
    for value in _values(report):
        if isinstance(value, datetime):
            there = value.astimezone(reports.MOSCOW)
            yield from (f"{value:%H}", f"{value:%M}", f"{there:%H}", f"{there:%M}")
            offset = there.utcoffset() or timedelta()
            yield from (str(part) for part in divmod(int(offset.total_seconds()) // 60, 60))
            yield f"{int(offset.total_seconds()) // 60 % 60:02}"
        elif isinstance(value, float):
            yield from NUMBER.findall(f"{value:.2f}")
        elif isinstance(value, int | str) and not isinstance(value, bool):
            yield from NUMBER.findall(str(value))
    for day in _days(report):
        yield from (str(day.day), str(day.year))
    yield from _counted(report)


def _counted(report: Report) -> Iterator[str]:
    """Numbers that count what is there, and lengths by the clock."""
    findings = report.decision.findings if report.decision else ()
    marks = Counter("explained" if one.explanation else one.severity for one in findings)
    counts = [*marks.values(), *Counter(one.shot for one in report.photos).values()]
    counts += [len({place.evidence_id for place in one.places}) for one in findings]
    counts += [len(findings), len(report.photos)]
    yield from (str(number) for most in counts for number in range(1, most + 1))
    if report.clock is not None:
        account = ledger.lines(report.clock, report.made_at, asked={})
        seconds = [one.seconds for one in account]
        seconds += [
            ledger.total(account, "ran"),
            ledger.total(account, "paused"),
            report.clock.budget_seconds,
        ]
        for one in seconds:
            minutes, rest = divmod(abs(one), 60)
            yield from (str(part) for part in (*divmod(minutes, 60), rest))
