"""A history: what is known of a vehicle block by block, and what follows of all of it together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bpa_service.vehicles.history.aspects import Aspect, aspects_of
from bpa_service.vehicles.history.entries import entries_of
from bpa_service.vehicles.history.equipment import Equipment, View, equipment_of
from bpa_service.vehicles.history.mileage import Mileages, mileages_of
from bpa_service.vehicles.history.owners import Owners, owners_of
from bpa_service.vehicles.history.timeline import Event, Silence, timeline_of
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind


@dataclass(frozen=True, slots=True)
class Block:
    """What is known of one kind: how it stands at each source, in their order, and the records.

    A source stands twice where its files were looked at and it was asked as well. Without any coverage no source
    that is known here has such records, which says nothing about the vehicle.
    """

    kind: Kind
    coverage: tuple[Coverage, ...]
    entries: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Of one vehicle, as of all sources. `blocks` has one of each kind, in the order of `Kind`."""

    blocks: tuple[Block, ...]
    timeline: tuple[Event | Silence, ...]
    mileages: Mileages
    owners: tuple[Owners, ...]
    aspects: tuple[Aspect, ...]
    equipment: Equipment

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(len(block.entries) for block in self.blocks)


def tell(
    records: Iterable[Record], coverages: Iterable[Coverage], today: date, views: Sequence[View] = ()
) -> History:
    """The history that these records and coverages make, in whatever order they come.

    `views` are what others than sources say of its equipment.
    """
    entries = entries_of(records)
    covered = sorted(set(coverages), key=_place)
    return History(
        blocks=tuple(
            Block(
                kind,
                tuple(one for one in covered if one.kind == kind),
                tuple(one for one in entries if one.kind == kind),
            )
            for kind in Kind
        ),
        timeline=timeline_of(entries, today),
        mileages=mileages_of(entries),
        owners=owners_of(entries),
        aspects=aspects_of(entries),
        equipment=equipment_of(entries, views),
    )


def _place(coverage: Coverage) -> tuple[str, bool, str]:
    return coverage.source, coverage.asked_at is not None, repr(coverage)
