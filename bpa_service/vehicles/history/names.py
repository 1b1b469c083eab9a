"""By which names a vehicle is looked for, and which records that were found are of another.

A plate moves from car to car, an engine too. So a record that was found by one of them is of this vehicle only as
long as it states no other VIN, and a number that others may have is never followed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bpa_service.vehicles.records.record import Identifier, Record

MOST_FOLLOWED: Final = 10
# What is struck into one body and stays there; and the plates that its records state.
_OWN: Final = ("vin", "frame", "body", "chassis")
_FOLLOWED: Final = (*_OWN, "plate")


@dataclass(frozen=True, slots=True)
class Followed:
    """A name by which was looked as well, because these records state it."""

    name: Identifier
    stated_by: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """Records of this vehicle, and those that state the VIN of another though they have one of its names."""

    own: list[Record]
    of_others: list[Record]


def followed_from(names: Iterable[Identifier], records: Iterable[Record]) -> tuple[Followed, ...]:
    """Further names that records of the vehicle state: at most MOST_FOLLOWED.

    Where a number of its body is known it is those that have one. By a plate alone it is those that state a VIN,
    once those of several vehicles are parted.
    """
    known = set(names)
    own = {name for name in known if name.name in _OWN}
    stated: dict[Identifier, list[Record]] = {}
    for record in records:
        said = set(record.identifiers())
        if own & said or (not own and record.vin):
            for name in said - known:
                if name.name in _FOLLOWED:
                    stated.setdefault(name, []).append(record)
    first = sorted(stated.items(), key=lambda one: (-len(one[1]), one[0]))[:MOST_FOLLOWED]
    return tuple(Followed(name, tuple(by)) for name, by in first)


def parted(names: Sequence[Identifier], records: Sequence[Record]) -> Parted:
    """Which of the records found under these names are of the vehicle that has them.

    Without a VIN among the names it is the one that all state. Where they state several nobody knows which it is,
    and none of those is its own: histories of two cars are not mixed.
    """
    vins = {name.value for name in names if name.name == "vin"}
    vins = vins or {record.vin for record in records if record.vin}
    is_known = len(vins) == 1 or any(name.name == "vin" for name in names)
    found = Parted([], [])
    for record in records:
        is_own = not record.vin or (is_known and record.vin in vins)
        (found.own if is_own else found.of_others).append(record)
    return found
