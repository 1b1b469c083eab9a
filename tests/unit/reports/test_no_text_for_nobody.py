"""Every text of the catalogues is said to somebody, and every code has its text."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, Final, get_args
from unittest.mock import patch

import pytest

from shared_schemas.clock import Pause, PauseCause
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.evidence import AnsweredShot, PlaceOnEvidence
from shared_schemas.records import CoverageState, FallKind, Kind, MileageQuality, Outcome, Precision
from shared_schemas.report.content import (
    AuthorRole,
    Contradiction,
    MileageFall,
    ReadMileage,
    Report,
    ReportBlock,
    ReportKind,
    ReportLanguage,
    Saying,
)
from shared_schemas.report.presented import Reader, Scope
from shared_schemas.report.presenting import catalogue, present, short
from shared_schemas.report.presenting.badge import badge, badge_of_nothing
from shared_schemas.report.presenting.since import tell_since
from shared_schemas.vin.claims import ClaimPart, DoubtSeverity
from shared_schemas.words import IdentifierKind, Shot, ShotAnswer, Verdict
from tests.factories import reports
from tests.factories.reports import (
    BEGAN,
    a_claim,
    a_clock,
    a_decision,
    a_finding,
    a_history,
    a_photo,
    a_report,
)

LANGUAGES: Final = get_args(ReportLanguage)
PLACES: Final = tuple(PlaceOnEvidence(evidence_id=reports.an_id(one)) for one in ("photo 0", "nowhere"))
# What `ABOUT` of contradictions can be beside the parts of a claim: the aspects of a history.
ASPECTS: Final = (
    *(
        "make",
        "model",
        "year",
        "colour",
        "engine",
        "fuel",
        "engine_cc",
        "power_kw",
        "power_hp",
        "transmission",
    ),
    *("drive", "steering", "mass_kg", "gross_mass_kg", "doors", "seats", "mileage", "unheard_of"),
)


class Heard(dict[str, str]):
    """A catalogue that remembers what it was asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(texts)
        self.keys_heard: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.keys_heard.add(key)
        return super().__getitem__(key)


def thorough() -> Iterator[Report]:
    """Reports that have each state, code, kind and shot."""
    yield from (make() for make in reports.EXAMPLES.values())
    yield a_report(None, kind=ReportKind.INSPECTION, photos=[a_photo(0), a_photo(1)])
    for verdict in Verdict:
        for severity in FindingSeverity:
            yield a_report(a_decision(verdict, [a_finding(0, severity, "found")] * 2))
            yield a_report(a_decision(verdict, [a_finding(0, severity, "found", places=())]))
    reasons = [key.removeprefix("why.") for key in catalogue.SAID["ru"] if key.startswith("why.")]
    empty = (reports.covered("gibdd", CoverageState.EMPTY),)
    yield a_report(
        None, history=a_history([ReportBlock(kind=kind, coverage=empty, count=0) for kind in Kind])
    )
    days = (date(2020, 1, day) for day in range(1, 31))
    many = tuple(ReadMileage(day=day, precision=Precision.DAY, km=day.day, source="rdw") for day in days)
    falls = tuple(MileageFall(kind=kind, km=9, before=many[9], after=many[0]) for kind in FallKind)
    yield a_report(None, history=a_history((), mileages=many, falls=falls))
    for state in CoverageState:
        yield a_report(None, history=a_history([_block(state, reasons)]))
    yield a_report(None, history=a_history([_records(kind) for kind in Kind]))
    over = reports.an_entry(0, date(2020, 1, 9), outcome=Outcome.ENDED)
    yield a_report(
        None,
        history=a_history([ReportBlock(kind=Kind.PLEDGE, coverage=(), count=1, entries=(over,))]),
    )
    yield from (_timed(number) for number in range(1, 29))
    yield _contradicted()
    yield a_report(
        a_decision(
            Verdict.CLEAN,
            [
                a_finding(
                    0, FindingSeverity.CONFIRMED, "found", rule_ref="rule", record_ref="x", places=PLACES
                )
            ],
        ),
        author_role=AuthorRole.SENIOR,
        photos=[a_photo(number, shot) for number, shot in enumerate(Shot)],
        shot_answers=[AnsweredShot(shot=Shot.REAR, answer=answer) for answer in ShotAnswer],
        history=a_history([_block(CoverageState.NOT_COVERED, ["not_asked"])]),
    )
    yield a_report(a_decision(Verdict.CLEAN), is_test=True)
    for kind in IdentifierKind:
        yield a_report(None, claim=a_claim(identifier_kind=kind))


def _block(state: CoverageState, reasons: list[str]) -> ReportBlock:
    known = ("judged_logical", "judged_illogical", "records_without_count", "records_left_out", "in_range")
    told = [*reasons, *known, "perhaps_in_range", "status_500", "a_new_code", ""]
    coverage = tuple(reports.covered("gibdd", state, reason=reason, count=0) for reason in told)
    earlier = reports.covered("gibdd", state, asked_at=BEGAN, as_of=BEGAN - timedelta(days=9), count=21)
    return ReportBlock(kind=Kind.RECALL, coverage=(*coverage, earlier), count=0)


def _records(kind: Kind) -> ReportBlock:
    months = [date(2020, month, 9) for month in range(1, 13)]
    ways = zip_longest(months * 5, Outcome, MileageQuality)
    entries = tuple(
        reports.an_entry(
            number,
            day,
            source="avtocod",
            ended=day,
            precision=list(Precision)[number % len(Precision)],
            outcome=outcome or Outcome.NONE,
            mileage_quality=quality or MileageQuality.NONE,
            amount=(1.5, float("nan"), 1000.0)[number % 3],
        )
        for number, (day, outcome, quality) in enumerate(ways)
    )
    return ReportBlock(kind=kind, coverage=(), count=99, entries=entries)


def _timed(number: int) -> Report:
    """Clocks that stopped in time, late or not at all, with a pause of each cause; days of each month."""
    causes = list(PauseCause)
    start = BEGAN - timedelta(days=30 * number)
    pause = Pause(
        ref=reports.an_id(number),
        cause=causes[number // 3 % 3],
        started_at=start,
        ended_at=None if number % 4 == 3 else start + timedelta(hours=30),
    )
    stopped = [start + timedelta(hours=31), start + timedelta(minutes=number), None][number % 3]
    clock = a_clock(number=1 + number % 2, started_at=start, pauses=[pause], stopped_at=stopped)
    return a_report(
        a_decision(Verdict.CLEAN, decided_at=start, reason="why"),
        clock=clock,
        made_at=start + timedelta(days=2),
        replaces=1,
    )


def _contradicted() -> Report:
    by = (("claim",), ("vin",), ("gibdd",))
    sayings = tuple(Saying(said="98400", by=one, on=date(2020, 1, 9), precision=Precision.DAY) for one in by)
    abouts = (*ASPECTS, *ClaimPart)
    by_records = Saying(said="98400", by=("vin",))
    found = [
        Contradiction(about=about, severity=severity, sayings=sayings)
        for about in abouts
        for severity in DoubtSeverity
    ]
    alone = Contradiction(about="number", severity=DoubtSeverity.ANOMALY, sayings=(by_records,))
    return a_report(None, contradictions=[*found, alone])


def hear(language: ReportLanguage) -> tuple[Heard, Heard]:
    other, fewer = reports.forty_findings(), reports.insufficient()
    said, legal = Heard(catalogue.SAID[language]), Heard(catalogue.LEGAL[language])
    with (
        patch.dict(catalogue.SAID, {language: said}),  # pyright: ignore[reportArgumentType]  # a dict by its making
        patch.dict(catalogue.LEGAL, {language: legal}),  # pyright: ignore[reportArgumentType]  # the same
    ):
        for report in thorough():
            for reader in Reader:
                kept: dict[str, Any] = {"language": language, "zone": reports.MOSCOW, "reader": reader}
                present(report, is_shared=True, **kept)
                present(report, previous=report, **kept)
                present(report, previous=fewer, **kept)
                present(report, scope=Scope(photos=False, history=False), previous=other, **kept)
            for earlier in (report, other, fewer):
                tell_since(earlier, report, language=language, zone=reports.MOSCOW, is_disputed=True)
                tell_since(report, earlier, language=language, zone=reports.MOSCOW)
            badge(report, language, reports.MOSCOW, checked_at=reports.BEGAN)
            short(report, language=language, zone=reports.MOSCOW)
        badge_of_nothing(language)
    return said, legal


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_no_text_that_nobody_reads(language: ReportLanguage) -> None:
    said, legal = hear(language)
    never = {key for heard in (said, legal) for key in heard.keys() - heard.keys_heard}
    assert {key for key in never if not key.endswith((".one", ".few", ".many"))} == set()
