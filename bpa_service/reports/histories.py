"""A vehicle's history as a report has it: pure."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Final

from bpa_service.vehicles.history.entries import id_of
from bpa_service.vehicles.history.mileage import COMPARED
from bpa_service.vehicles.history.owners import Owners
from bpa_service.vehicles.history.ranges import Fit
from bpa_service.vehicles.history.telling import Block, History
from bpa_service.vehicles.history.timeline import Silence as Silent
from bpa_service.vehicles.lookup.finding import Found
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import CoverageState, MileageQuality, Outcome, Precision
from shared_schemas.report.content import (
    MOST_ENTRIES,
    MileageFall,
    ReadMileage,
    RecallInRange,
    ReportBlock,
    ReportEntry,
    ReportHistory,
    Silence,
    SourceCoverage,
    SourceTitle,
)

MOST_READINGS: Final = 300
MOST_CHARACTERS: Final = 1000
"""Of what one record says in words; what is longer ends in an ellipsis."""


def history_of(
    found: Found, title: Callable[[str], str], now: datetime, *, named: Collection[str] = ()
) -> ReportHistory:
    """What is known of the vehicle. `named` are ids of records that are listed anyway: findings name them."""
    history = found.history
    return ReportHistory(
        asked_at=now,
        blocks=tuple(_block(block, named) for block in history.blocks),
        silences=tuple(
            Silence(first_year=one.first_year, last_year=one.last_year)
            for one in history.timeline
            if isinstance(one, Silent)
        ),
        mileages=tuple(_mileages(history)),
        falls=tuple(_falls(history)),
        owners=max((count for one in history.owners if (count := _count(one))), default=None),
        recalls=tuple(
            RecallInRange(source=one.record.source, text=plain(one.record.text), certain=one.fit is Fit.YES)
            for one in found.in_ranges[:MOST_ENTRIES]
        ),
        sources=tuple(SourceTitle(name=name, title=title(name)) for name in _sources(found)),
    )


def plain(text: str) -> str:
    """What a source wrote, as long as it may be, and without what a database or UTF-8 cannot hold."""
    held = text.replace("\0", "").encode("utf-8", "ignore").decode()
    return held if len(held) <= MOST_CHARACTERS else f"{held[: MOST_CHARACTERS - 1]}…"


def _block(block: Block, named: Collection[str]) -> ReportBlock:
    newest = block.entries[-MOST_ENTRIES:]
    others = [one for one in block.entries[: -len(newest) or None] if id_of(one) in named] if newest else []
    return ReportBlock(
        kind=block.kind,
        coverage=tuple(_coverage(one) for one in block.coverage),
        count=len(block.entries),
        entries=tuple(_entry(one) for one in reversed([*others, *newest])),
    )


def _coverage(coverage: Coverage) -> SourceCoverage:
    return SourceCoverage(
        source=coverage.source,
        state=CoverageState(coverage.state),
        asked_at=coverage.asked_at,
        as_of=coverage.as_of,
        count=coverage.count,
        reason=coverage.reason,
    )


def _entry(record: Record) -> ReportEntry:
    quality = MileageQuality(record.mileage_quality)
    return ReportEntry(
        id=id_of(record),
        source=record.source,
        began=record.began,
        ended=record.ended,
        precision=Precision(record.precision),
        as_of=record.as_of,
        mileage_km=record.mileage_km if quality in COMPARED else None,
        mileage_quality=quality,
        outcome=Outcome(record.outcome),
        place=plain(record.place),
        text=plain(record.text),
        amount=record.amount,
        currency=record.currency,
    )


def _mileages(history: History) -> Iterator[ReadMileage]:
    for one in history.mileages.readings[-MOST_READINGS:]:
        if (read := _read(one)) is not None:
            yield read


def _falls(history: History) -> Iterator[MileageFall]:
    for one in history.mileages.falls[-MOST_READINGS:]:
        before, after = _read(one.higher), _read(one.lower)
        if before is not None and after is not None:
            yield MileageFall(kind=one.kind, km=one.km, before=before, after=after)


def _read(record: Record) -> ReadMileage | None:
    if record.began is None or record.mileage_km is None:
        return None
    precision = Precision(record.precision)
    return ReadMileage(day=record.began, precision=precision, km=record.mileage_km, source=record.source)


def _count(owners: Owners) -> int:
    stated = (one.attributes.get("owners", "") for one in owners.stated)
    return max((int(number) for number in stated if number.isdecimal()), default=0) or len(owners.periods)


def _sources(found: Found) -> list[str]:
    blocks = found.history.blocks
    named = {one.source for block in blocks for one in (*block.coverage, *block.entries)}
    return sorted(named | {one.record.source for one in found.in_ranges})
