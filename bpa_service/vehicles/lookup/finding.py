"""Finding what is known of a vehicle, within a time: a store that is away costs its blocks and no more."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bpa_service.vehicles.enquiries.queries import SourceAnswer, answers_about
from bpa_service.vehicles.history.covering import Why, coverage_of_files
from bpa_service.vehicles.history.entries import entries_of
from bpa_service.vehicles.history.names import Followed, followed_from, parted
from bpa_service.vehicles.history.ranges import Fit, InRange, applies, in_ranges
from bpa_service.vehicles.history.telling import History, tell
from bpa_service.vehicles.importing import queries as imports
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.records.ranges import CODE
from bpa_service.vehicles.records.record import Identifier, Record
from bpa_service.vehicles.store.analytics import NO_SUCH_TABLE, EngineAway, EngineRefused
from bpa_service.vehicles.store.records import MOST_RECORDS, VehicleRecords
from service_kit.db import Database, Scope
from shared_schemas.vin import is_well_formed

log = structlog.get_logger(__name__)

PATIENCE: Final = timedelta(seconds=2)
"""So long the store may take, for all that is asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of the vehicle with these names.

    `in_ranges` are recalls in whose range of numbers it lies or may lie: no records of this vehicle. `of_others`
    are records that have one of its names and the VIN of another vehicle. `is_cut` is whether there were more
    records than are read of one vehicle.
    """

    names: Sequence[Identifier]
    followed: Sequence[Followed]
    history: History
    in_ranges: Sequence[InRange]
    of_others: Sequence[Record]
    is_cut: bool

    @property
    def all_names(self) -> Sequence[Identifier]:
        """The names that were given, and those that were followed."""
        return (*self.names, *(one.name for one in self.followed))


class _Store:
    """The store, for one search: what it gave within the time, and why not more."""

    def __init__(self, store: VehicleRecords | None, patience: timedelta) -> None:
        self._store = store
        self._until = asyncio.get_running_loop().time() + patience.total_seconds()
        self.records: list[Record] = []
        self.ranges: list[Record] = []
        self.unavailable: Why | None = None

    async def ask(self, names: Sequence[Identifier]) -> None:
        """What it has under these names, and of ranges of VINs like theirs; nothing any more once it was away or
        slow.
        """
        if self._store is None:
            self.unavailable = Why.STORE_AWAY
        if self._store is None or self.unavailable:
            return
        try:
            async with asyncio.timeout_at(self._until):
                self.records += await self._store.of(names)
                vins = _vins(names)
                self.ranges += await self._store.ranges(
                    (vin[:CODE] for vin in vins),
                    lambda one: any(applies(vin, one).fit is not Fit.NO for vin in vins),
                )
        except TimeoutError:
            self.unavailable = Why.STORE_SLOW
        except EngineRefused as refused:
            if refused.code != NO_SUCH_TABLE:  # else nothing was ever imported
                log.warning("vehicle_store_refused", code=refused.code)
                self.unavailable = Why.STORE_AWAY
        except EngineAway:
            self.unavailable = Why.STORE_AWAY


@dataclass(slots=True)
class Finder:
    """Looks vehicles up. Without a store its files are away. `sources` are turned on to be asked."""

    database: Database
    store: VehicleRecords | None
    sources: Sequence[str] = ()
    patience: timedelta = PATIENCE

    async def find(self, names: Sequence[Identifier], scope: Scope, now: datetime) -> Found:
        """What files of sources have of it and what sources that were asked have answered. Never fails.

        By these names, and by those that its records state. No database session is held while the store is asked.
        """
        async with self.database.reading(scope) as session:
            published = await imports.published(session)
            answers = await answers_about(session, names, now, sources=self.sources)
        told = _Store(self.store, self.patience)
        await told.ask(names)
        known = [*told.records, *(record for one in answers for record in one.records)]
        followed = followed_from(names, parted(names, entries_of(known)).own)
        if followed:
            await told.ask([one.name for one in followed])
            known_by = (*names, *(one.name for one in followed))
            async with self.database.reading(scope) as session:
                answers = await answers_about(session, known_by, now, sources=self.sources)
        # Of a vehicle with very many records that takes long, and others wait for this loop.
        return await asyncio.to_thread(_judged, names, followed, told, answers, published, now)


def _judged(
    names: Sequence[Identifier],
    followed: Sequence[Followed],
    told: _Store,
    answers: Sequence[SourceAnswer],
    published: Mapping[str, datetime],
    now: datetime,
) -> Found:
    known_by = (*names, *(one.name for one in followed))
    records = entries_of([*told.records, *(record for one in answers for record in one.records)])
    sorted_out = parted(known_by, records)
    ranges = in_ranges(_vins(known_by), entries_of(told.ranges), sorted_out.own, now.year)
    files = coverage_of_files(
        map(catalogue.mapping, catalogue.names()),
        published,
        known_by,
        parted(known_by, entries_of(told.records)).own,  # also what has been answered anew since
        ranges=ranges,
        unavailable=told.unavailable,
    )
    asked = [coverage for one in answers for coverage in one.coverage]
    return Found(
        names=names,
        followed=followed,
        history=tell(sorted_out.own, [*files, *asked], now.date()),
        in_ranges=ranges,
        of_others=sorted_out.of_others,
        is_cut=len(told.records) >= MOST_RECORDS,
    )


def _vins(names: Iterable[Identifier]) -> list[str]:
    return list(dict.fromkeys(one.value for one in names if one.name == "vin" and is_well_formed(one.value)))
