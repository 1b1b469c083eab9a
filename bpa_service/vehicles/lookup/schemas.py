"""A vehicle's history as the API speaks of it. Every statement names the records that it rests on."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Self

from bpa_service.vehicles.history.aspects import Aspect, Statement
from bpa_service.vehicles.history.entries import id_of
from bpa_service.vehicles.history.equipment import Equipment, Fitted
from bpa_service.vehicles.history.mileage import Fall, Mileages
from bpa_service.vehicles.history.owners import Owners, Period, Stretch
from bpa_service.vehicles.history.ranges import Fit, InRange, WhyMay
from bpa_service.vehicles.history.telling import Block, History
from bpa_service.vehicles.history.timeline import Event
from bpa_service.vehicles.lookup.decoding import VinDecode
from bpa_service.vehicles.lookup.entry_schemas import EntryOut, FollowedOut, NameOut
from bpa_service.vehicles.lookup.finding import Found
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Record
from service_kit.http.schemas import ApiOutput
from shared_schemas.records import CoverageState, FallKind, Kind, Precision
from shared_schemas.vin.claims import DoubtSeverity

MOST_OF_A_BLOCK: Final = 100
"""Records of one block that are sent, the newest; those that something rests on go beside them."""
MOST_READINGS: Final = 1000
MOST_EVENTS: Final = 500
MOST_GROUNDS: Final = 10
"""Records that are named for one statement."""
MOST_STATEMENTS: Final = 12
MOST_OF_OTHERS: Final = 20
MOST_OPTIONS: Final = 300
MOST_PERIODS: Final = 100


class BlockCoverageOut(ApiOutput):
    """How a block stands at one source. `asked_at` is null where files were looked at, which stood so `as_of`.

    `reason` is a stable code, where there is something to say. Only `empty` says that nothing is on record, and
    only at that source; no state says that nothing happened.
    """

    source: str
    state: CoverageState
    asked_at: datetime | None
    as_of: datetime | None
    count: int
    reason: str

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        return cls(
            source=coverage.source,
            state=coverage.state,
            asked_at=coverage.asked_at,
            as_of=coverage.as_of,
            count=coverage.count,
            reason=coverage.reason,
        )


class VehicleBlockOut(ApiOutput):
    """What is known of one kind. `entries` are the newest first; `count` is of all that there are."""

    kind: Kind
    coverage: list[BlockCoverageOut]
    count: int
    entries: list[str]

    @classmethod
    def of(cls, block: Block) -> Self:
        return cls(
            kind=block.kind,
            coverage=[BlockCoverageOut.of(one) for one in block.coverage],
            count=len(block.entries),
            entries=[id_of(one) for one in _newest(block)],
        )


class MomentOut(ApiOutput):
    """An event of the timeline, or a silence: the first and the last of years without any record."""

    day: date | None
    entry: str | None
    begins: bool
    silent_from: int | None = None
    silent_to: int | None = None


class ReadingOfMileage(ApiOutput):
    """A reading of the odometer."""

    day: date
    precision: Precision
    km: int
    source: str
    entry: str


class FallOut(ApiOutput):
    """Between two readings the mileage falls by `km`. Only a `rollback` speaks against the car; see the kinds."""

    kind: FallKind
    km: int
    higher: str
    lower: str
    odd: str | None

    @classmethod
    def of(cls, fall: Fall) -> Self:
        odd = id_of(fall.odd) if fall.odd else None
        return cls(kind=fall.kind, km=fall.km, higher=id_of(fall.higher), lower=id_of(fall.lower), odd=odd)


class MileagesOut(ApiOutput):
    """Readings that are compared, the earliest first; how many are not; falls; what sources themselves judge."""

    readings: list[ReadingOfMileage]
    not_compared: int
    falls: list[FallOut]
    judged: list[str]

    @classmethod
    def of(cls, mileages: Mileages) -> Self:
        return cls(
            readings=[
                ReadingOfMileage(
                    day=one.began,
                    precision=Precision(one.precision),
                    km=one.mileage_km,
                    source=one.source,
                    entry=id_of(one),
                )
                for one in mileages.readings[-MOST_READINGS:]
                if one.began is not None and one.mileage_km is not None
            ],
            not_compared=len(mileages.not_compared),
            falls=[FallOut.of(fall) for fall in mileages.falls[:MOST_READINGS]],
            judged=[id_of(one) for one in mileages.judged[:MOST_GROUNDS]],
        )


class StretchOut(ApiOutput):
    """Days for which a source names no owner, or two."""

    began: date
    ended: date

    @classmethod
    def of(cls, stretch: Stretch) -> Self:
        return cls(began=stretch.began, ended=stretch.ended)


class PeriodOut(ApiOutput):
    """One owner at one source."""

    began: date | None
    ended: date | None
    owner_type: str
    entries: list[str]

    @classmethod
    def of(cls, period: Period) -> Self:
        return cls(
            began=period.began,
            ended=period.ended,
            owner_type=period.owner_type,
            entries=_ids(period.records[:MOST_GROUNDS]),
        )


class OwnersOut(ApiOutput):
    """The owners as one source has them. `stated` are records that give a number instead of periods."""

    source: str
    periods: list[PeriodOut]
    gaps: list[StretchOut]
    overlaps: list[StretchOut]
    stated: list[str]

    @classmethod
    def of(cls, owners: Owners) -> Self:
        return cls(
            source=owners.source,
            periods=[PeriodOut.of(one) for one in owners.periods[-MOST_PERIODS:]],
            gaps=[StretchOut.of(one) for one in owners.gaps[-MOST_PERIODS:]],
            overlaps=[StretchOut.of(one) for one in owners.overlaps[-MOST_PERIODS:]],
            stated=_ids(owners.stated[:MOST_GROUNDS]),
        )


class StatementOut(ApiOutput):
    """What means the same: `means` in one spelling, `texts` the sources' own. `severity` is how much weighs that
    another statement does not agree: as that of a doubt, and null if none is held against it.
    """

    means: str
    texts: list[str]
    severity: DoubtSeverity | None
    sources: list[str]
    count: int
    entries: list[str]

    @classmethod
    def of(cls, statement: Statement) -> Self:
        return cls(
            means=statement.means,
            texts=list(statement.texts[:MOST_GROUNDS]),
            severity=statement.severity,
            sources=sorted({one.source for one in statement.records}),
            count=len(statement.records),
            entries=_ids(statement.records[:MOST_GROUNDS]),
        )


class AspectOut(ApiOutput):
    """One thing that a car is, and what is said of it, side by side. Nothing is averaged."""

    name: str
    severity: DoubtSeverity | None
    statements: list[StatementOut]

    @classmethod
    def of(cls, aspect: Aspect) -> Self:
        shown = aspect.statements[:MOST_STATEMENTS]
        return cls(
            name=aspect.name, severity=aspect.severity, statements=[StatementOut.of(one) for one in shown]
        )


class OptionOut(ApiOutput):
    """One option code, and what each view says of it, in the order of `views`."""

    code: str
    said: list[Fitted]
    is_disputed: bool


class EquipmentOut(ApiOutput):
    """Equipment by who says something of it: sources by their names, `expert`, `advert`."""

    views: list[str]
    options: list[OptionOut]

    @classmethod
    def of(cls, equipment: Equipment) -> Self:
        views = [view.name for view in equipment.views]
        return cls(
            views=views,
            options=[
                OptionOut(
                    code=one.code, said=[one.by_view[view] for view in views], is_disputed=one.is_disputed
                )
                for one in equipment.options[:MOST_OPTIONS]
            ],
        )


class InRangeOut(ApiOutput):
    """A recall of a range of numbers in which this one lies, or `may` lie and `why` that is not certain.

    Whether this vehicle was repaired is not on record, and that it lies there is no fault of it.
    """

    entry: str
    fit: Fit
    why: list[WhyMay]

    @classmethod
    def of(cls, found: InRange) -> Self:
        return cls(entry=id_of(found.record), fit=found.fit, why=list(found.why))


class SourceOut(ApiOutput):
    """What people call a source."""

    name: str
    title: str


class VehicleOut(ApiOutput):
    """What is known of a vehicle, by the names it was looked up by and those that its records state.

    `entries` has each record that is named anywhere here. `in_ranges` are recalls of ranges of numbers, at most
    100: no records of this vehicle, and counted nowhere. `of_others` are records that have one of the names and
    the VIN of another vehicle: nothing here rests on them. `is_cut` is whether there is more than was read.
    """

    asked_at: datetime
    names: list[NameOut]
    followed: list[FollowedOut]
    decode: VinDecode | None
    count: int
    is_cut: bool
    blocks: list[VehicleBlockOut]
    timeline: list[MomentOut]
    mileages: MileagesOut
    owners: list[OwnersOut]
    aspects: list[AspectOut]
    equipment: EquipmentOut
    in_ranges: list[InRangeOut]
    of_others: list[EntryOut]
    entries: list[EntryOut]
    sources: list[SourceOut]

    @classmethod
    def of(cls, found: Found, now: datetime, decode: VinDecode | None) -> "VehicleOut":
        history = found.history
        told = cls(
            asked_at=now,
            names=[NameOut.of(name) for name in found.names],
            followed=[
                FollowedOut(**NameOut.of(one.name).model_dump(), stated_by=_ids(one.stated_by[:MOST_GROUNDS]))
                for one in found.followed
            ],
            decode=decode,
            count=history.count,
            is_cut=found.is_cut,
            blocks=[VehicleBlockOut.of(block) for block in history.blocks],
            timeline=_timeline(history),
            mileages=MileagesOut.of(history.mileages),
            owners=[OwnersOut.of(one) for one in history.owners],
            aspects=[AspectOut.of(one) for one in history.aspects],
            equipment=EquipmentOut.of(history.equipment),
            in_ranges=[InRangeOut.of(one) for one in found.in_ranges[:MOST_OF_A_BLOCK]],
            of_others=[EntryOut.of(one) for one in found.of_others[-MOST_OF_OTHERS:]],
            entries=[],
            sources=[],
        )
        named = set(told.named())
        of_ranges = [one.record for one in found.in_ranges]
        known = [*(one for block in history.blocks for one in block.entries), *of_ranges]
        entries = [one for one in known if id_of(one) in named]
        sources = {one.source for block in history.blocks for one in (*block.coverage, *block.entries)}
        sources |= {one.source for one in found.of_others} | {one.source for one in of_ranges}
        return told.model_copy(
            update={
                "entries": [EntryOut.of(one) for one in entries],
                "sources": [SourceOut(name=one, title=catalogue.title(one)) for one in sorted(sources)],
            }
        )

    def named(self) -> Iterable[str]:
        """The ids of all records that something here rests on."""
        for block in self.blocks:
            yield from block.entries
        for fall in self.mileages.falls:
            yield from filter(None, (fall.higher, fall.lower, fall.odd))
        yield from self.mileages.judged
        yield from (one.entry for one in self.mileages.readings)
        yield from (one.entry for one in self.timeline if one.entry)
        for owners in self.owners:
            yield from owners.stated
            yield from (entry for period in owners.periods for entry in period.entries)
        for aspect in self.aspects:
            yield from (entry for statement in aspect.statements for entry in statement.entries)
        yield from (one.entry for one in self.in_ranges)
        for name in self.followed:
            yield from name.stated_by


def _ids(records: Sequence[Record]) -> list[str]:
    return [id_of(one) for one in records]


def _newest(block: Block) -> Sequence[Record]:
    return block.entries[-1 : -MOST_OF_A_BLOCK - 1 : -1]


def _timeline(history: History) -> list[MomentOut]:
    return [
        MomentOut(day=one.day, entry=id_of(one.record), begins=one.begins)
        if isinstance(one, Event)
        else MomentOut(day=None, entry=None, begins=True, silent_from=one.first_year, silent_to=one.last_year)
        for one in history.timeline[-MOST_EVENTS:]
    ]
