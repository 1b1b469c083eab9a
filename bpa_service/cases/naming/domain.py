"""What a car is called, in one spelling each, so that two cases of it are found by any of its names.

Nothing is judged here: a name that two cases share is a reason to look at both, and no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from bpa_service.cases.naming.adverts import advert_key
from shared_schemas import vin
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind, Shot

AT_ONE_TIME: Final = timedelta(days=30)
"""Within it a car has one plate, or somebody should look; later it may have got another with another owner."""
# What is shorter is a part of a number, or stands on thousands of cars.
_SHORTEST_NUMBER: Final = 5
_SHORTEST_PLATE: Final = 2


class NameKind(StrEnum):
    """What kind of name it is. NUMBER: a VIN, a frame or other body number."""

    NUMBER = "number"
    PLATE = "plate"
    ENGINE = "engine"
    ADVERT = "advert"


class NameSource(StrEnum):
    """Who says so: the client, or an expert who read it off a photo."""

    CLAIM = "claim"
    READING = "reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of the car of a case, since when it is said, and on which photo it stands, if that is known."""

    kind: NameKind
    key: str
    source: NameSource
    said_at: datetime
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPhoto:
    """What an expert says stands on a photo, every character of it."""

    evidence_id: UUID
    shot: Shot
    text: str
    kind: IdentifierKind
    said_at: datetime


def claimed(claim: VehicleClaim, *, at: datetime) -> list[Name]:
    """The names that the client gave. A number that no car has is none."""
    is_plate = claim.identifier_kind is IdentifierKind.PLATE
    keys = {
        NameKind.NUMBER: None if is_plate else number_key(claim.identifier),
        NameKind.PLATE: plate_key(claim.identifier if is_plate else claim.plate),
        NameKind.ADVERT: claim.advert_url and advert_key(claim.advert_url),
    }
    return [
        Name(kind=kind, key=key, source=NameSource.CLAIM, said_at=at) for kind, key in keys.items() if key
    ]


def read(photos: Iterable[OnPhoto]) -> list[Name]:
    """The names that experts read off photos, each once: where it was read first."""
    names: dict[tuple[NameKind, str], Name] = {}
    for photo in sorted(photos, key=lambda one: (one.said_at, one.evidence_id)):
        if photo.kind is IdentifierKind.PLATE:
            kind, key = NameKind.PLATE, plate_key(photo.text)
        else:
            kind = NameKind.ENGINE if photo.shot is Shot.ENGINE_NUMBER else NameKind.NUMBER
            key = number_key(photo.text)
        if key:
            name = Name(
                kind=kind,
                key=key,
                source=NameSource.READING,
                said_at=photo.said_at,
                evidence_id=photo.evidence_id,
            )
            names.setdefault((kind, key), name)
    return list(names.values())


def number_key(number: str) -> str | None:
    """A number as it is compared: its letters and digits; None for what no car has, or many have."""
    key = "".join(filter(str.isalnum, number))
    return None if len(key) < _SHORTEST_NUMBER or vin.is_placeholder(key) else key


def plate_key(plate: str | None) -> str | None:
    """A plate as it is compared."""
    key = "".join(filter(str.isalnum, plate or ""))
    return key if len(key) >= _SHORTEST_PLATE else None


def has_other_plate(ours: Sequence[Name], theirs: Sequence[Name]) -> bool:
    """Whether two cases of one number give it other plates at one time: each says one, and none is in both."""
    one, other = _plates(ours), _plates(theirs)
    if not one or not other or {name.key for name in one} & {name.key for name in other}:
        return False
    return any(abs(a.said_at - b.said_at) <= AT_ONE_TIME for a in one for b in other)


def _plates(names: Iterable[Name]) -> list[Name]:
    return [name for name in names if name.kind is NameKind.PLATE]
