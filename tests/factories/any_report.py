"""Whatever a report may be: strategies for every valid one, the unlikely ones too.

With `tame` (the default) people write in letters that nothing of ours has (`PEOPLE`), so that what they wrote is
known wherever it comes out, and days are of this age; without it, words, days and numbers are any.
Each is made once: to make them anew for each report takes longer than to draw it.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st

from shared_schemas.clock import Clock, Pause, PauseCause
from shared_schemas.events.bpa_v1 import DecisionView, ExpertRef, FindingSeverity, FindingView
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import AnsweredShot, PlaceOnEvidence, Region
from shared_schemas.records import CoverageState, Kind, MileageQuality, Outcome, Precision
from shared_schemas.report.content import (
    AuthorRole,
    Contradiction,
    ReadMileage,
    RecallInRange,
    Report,
    ReportBlock,
    ReportEntry,
    ReportHistory,
    ReportKind,
    ReportPhoto,
    Saying,
    Silence,
    SourceCoverage,
    SourceTitle,
)
from shared_schemas.vin.claims import DoubtSeverity
from shared_schemas.words import CapturedAtSource, IdentifierKind, Shot, ShotAnswer, Verdict

PEOPLE: Final = "שלום"
"""Letters that only people write here."""
SOURCES: Final = ("alpha", "beta", "gamma", "delta")
TITLES: Final = {name: f"Источник-{name.upper()}" for name in SOURCES}
# What the code knows, what it takes apart, and what is new to it.
REASONS: Final = (
    *(
        "",
        "time_out",
        "never_imported",
        "not_configured",
        "partial_deliveries",
        "in_range",
        "perhaps_in_range",
    ),
    *("judged_logical", "judged_illogical", "records_without_count", "records_left_out", "status_404"),
    *("waiting", "numbers_hidden", "never_registered", "brand_new_code", "Not a code, but words!", "status"),
)
ABOUT: Final = ("colour", "year", "mileage", "make", "number", "documents", "engine_cc", "something_new")
CURRENCIES: Final = ("", "RUB", "USD", "XYZ", "руб.", "€")

EVIDENCE: Final = tuple(UUID(int=number) for number in range(1, 7))
_BEGAN: Final = datetime(2026, 11, 30, 9, tzinfo=UTC)
_KM: Final = st.integers(-1, 2_000_000)
_COUNT: Final = st.integers(0, 500)
_SOURCE: Final = st.sampled_from(SOURCES)


def _perhaps(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | one


def _several(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


@cache
def _moments(*, tame: bool) -> st.SearchStrategy[datetime]:
    if tame:
        minutes = st.integers(-30 * 525_600, 5 * 525_600) | st.integers(-600, 600)
        return minutes.map(lambda one: _BEGAN + timedelta(minutes=one))
    zones = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))])
    return st.datetimes(timezones=zones)


@cache
def _days(*, tame: bool) -> st.SearchStrategy[date]:
    return st.dates(date(1950, 1, 1), date(2035, 12, 31)) if tame else st.dates()


@cache
def _words(*, tame: bool) -> st.SearchStrategy[str]:
    return st.text(PEOPLE, min_size=1, max_size=12) if tame else st.text(max_size=40)


def _region(x: float, y: float, width: float, height: float) -> Region:
    return Region(x=x, y=y, width=(1 - x) * width, height=(1 - y) * height)


def _block(
    kind: Kind, coverage: tuple[SourceCoverage, ...], entries: tuple[ReportEntry, ...], more: int
) -> ReportBlock:
    return ReportBlock(kind=kind, coverage=coverage, count=len(entries) + more, entries=entries)


def _silence(year: int, more: int) -> Silence:
    return Silence(first_year=year, last_year=year + more)


@cache
def _coverages(*, tame: bool) -> st.SearchStrategy[SourceCoverage]:
    """Of each state, asked or not, for each reason."""
    reasons = st.sampled_from(REASONS)
    return st.builds(
        SourceCoverage,
        source=_SOURCE,
        state=st.sampled_from(CoverageState),
        asked_at=_perhaps(_moments(tame=tame)),
        as_of=_perhaps(_moments(tame=tame)),
        count=_COUNT,
        reason=reasons if tame else reasons | st.text(max_size=20),
    )


@cache
def _entries(*, tame: bool) -> st.SearchStrategy[ReportEntry]:
    words = st.just("") | _words(tame=tame)
    return st.builds(
        ReportEntry,
        id=st.sampled_from(["record-1", "record-2", "record-3"]),
        source=_SOURCE,
        began=_perhaps(_days(tame=tame)),
        ended=_perhaps(_days(tame=tame)),
        precision=st.sampled_from(Precision),
        as_of=_moments(tame=tame),
        mileage_km=_perhaps(_KM),
        mileage_quality=st.sampled_from(MileageQuality),
        outcome=st.sampled_from(Outcome),
        place=words,
        text=words,
        amount=_perhaps(st.integers(0, 10**9).map(lambda cents: cents / 100) if tame else st.floats()),
        currency=st.sampled_from(CURRENCIES) if tame else st.text(max_size=4),
    )


@cache
def _blocks(*, tame: bool) -> st.SearchStrategy[ReportBlock]:
    """The records may be more than are listed."""
    return st.builds(
        _block,
        st.sampled_from(Kind),
        _several(_coverages(tame=tame)),
        _several(_entries(tame=tame), 2),
        st.sampled_from([0, 0, 7]),
    )


@cache
def _histories(*, tame: bool) -> st.SearchStrategy[ReportHistory]:
    """Of some kinds, in any order; sources may have no title."""
    years = st.integers(1950, 2035) if tame else st.integers()
    titles = tuple(SourceTitle(name=name, title=title) for name, title in TITLES.items())
    return st.builds(
        ReportHistory,
        asked_at=_moments(tame=tame),
        blocks=st.lists(_blocks(tame=tame), max_size=6, unique_by=lambda block: block.kind).map(tuple),
        silences=_several(st.builds(_silence, years, st.integers(0, 9))),
        mileages=_several(
            st.builds(
                ReadMileage,
                day=_days(tame=tame),
                precision=st.sampled_from(Precision),
                km=_KM,
                source=_SOURCE,
            ),
            12,
        ),
        owners=_perhaps(_COUNT),
        recalls=_several(
            st.builds(RecallInRange, source=_SOURCE, text=_words(tame=tame), certain=st.booleans())
        ),
        sources=st.just(titles) if tame else st.sampled_from([titles, titles[:1], ()]),
    )


@cache
def _decisions(*, tame: bool) -> st.SearchStrategy[DecisionView]:
    words, share = _words(tame=tame), st.floats(0.01, 0.9)
    place = st.builds(
        PlaceOnEvidence,
        evidence_id=st.sampled_from(EVIDENCE),
        region=_perhaps(st.builds(_region, share, share, share, share)),
    )
    finding = st.builds(
        FindingView,
        finding_id=st.uuids(),
        severity=st.sampled_from(FindingSeverity),
        text=words,
        places=_several(place, 2),
        record_ref=_perhaps(st.sampled_from(["record-1", "record-9"])),
        rule_ref=_perhaps(words),
        explanation=_perhaps(words),
        meaning=_perhaps(words),
        to_do=_perhaps(words),
    )
    return st.builds(
        DecisionView,
        version=st.integers(1, 9),
        verdict=st.sampled_from(Verdict),
        summary=words,
        advice=_perhaps(words),
        findings=_several(finding),
        not_covered=_several(words),
        expert=st.builds(ExpertRef, expert_id=st.uuids(), display_name=words),
        decided_at=_moments(tame=tame),
        reason=_perhaps(words),
    )


def _clocks() -> st.SearchStrategy[Clock]:
    moments = st.integers(-60, 9_000).map(lambda seconds: _BEGAN + timedelta(seconds=seconds))
    pause = st.builds(
        Pause,
        ref=st.uuids(),
        cause=st.sampled_from(PauseCause),
        started_at=moments,
        ended_at=_perhaps(moments),
    )
    return st.builds(
        Clock,
        number=st.integers(1, 3),
        started_at=st.just(_BEGAN),
        budget_seconds=st.sampled_from([1200, 1, 86_399]),
        pauses=_several(pause),
        stopped_at=_perhaps(moments),
    )


@cache
def _photos(*, tame: bool) -> st.SearchStrategy[ReportPhoto]:
    return st.builds(
        ReportPhoto,
        evidence_id=st.sampled_from(EVIDENCE),
        shot=st.sampled_from(Shot),
        sha256=st.just("ab" * 32),
        width=st.just(4000),
        height=st.just(3000),
        captured_at=_perhaps(_moments(tame=tame)),
        captured_at_source=st.sampled_from(CapturedAtSource),
        received_at=_moments(tame=tame),
    )


@cache
def _contradictions(*, tame: bool) -> st.SearchStrategy[Contradiction]:
    about = st.sampled_from(ABOUT)
    said_by = st.lists(st.sampled_from([*SOURCES, "claim", "vin"]), min_size=1, max_size=2, unique=True)
    return st.builds(
        Contradiction,
        about=about if tame else about | st.text(max_size=9),
        severity=st.sampled_from(DoubtSeverity),
        sayings=_several(
            st.builds(
                Saying,
                said=_words(tame=tame) | st.sampled_from(["98400", "142000"]),
                by=said_by.map(tuple),
                on=_perhaps(_days(tame=tame)),
                precision=st.sampled_from(Precision),
            )
        ),
    )


@cache
def reports(*, tame: bool = True) -> st.SearchStrategy[Report]:
    """Any report: see above."""
    words = _words(tame=tame)
    claim = st.builds(
        VehicleClaim,
        identifier_kind=st.sampled_from(IdentifierKind),
        identifier=words,
        plate=_perhaps(words),
        make=_perhaps(words),
        model=_perhaps(words),
        year=_perhaps(st.integers(1900, 2030)),
        mileage_km=_perhaps(_KM),
    )
    answer = st.builds(AnsweredShot, shot=st.sampled_from(Shot), answer=st.sampled_from(ShotAnswer))
    return st.builds(
        Report,
        report_id=st.uuids(),
        kind=st.sampled_from(ReportKind),
        inspection_id=_perhaps(st.uuids()),
        number=st.sampled_from(["A-1000001", "H-42"]),
        version=st.integers(1, 9),
        replaces=_perhaps(st.integers(1, 8)),
        made_at=_moments(tame=tame),
        claim=claim,
        worry=_perhaps(words),
        decision=_perhaps(_decisions(tame=tame)),
        author_role=_perhaps(st.sampled_from(AuthorRole)),
        photos=_several(_photos(tame=tame), 4),
        shot_answers=_several(answer),
        contradictions=_several(_contradictions(tame=tame)),
        history=_perhaps(_histories(tame=tame)),
        clock=_perhaps(_clocks()),
    )
