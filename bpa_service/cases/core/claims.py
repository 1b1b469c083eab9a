"""The numbers of a car as people read them."""

from functools import lru_cache
from typing import Final

from bpa_service.vehicles.records.record import Identifier, IdentifierName
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.identifiers import read_identifier
from shared_schemas.identifiers.plates import read_plate
from shared_schemas.words import IdentifierKind

_NAMES: Final[dict[IdentifierKind, IdentifierName]] = {
    IdentifierKind.VIN: "vin",
    IdentifierKind.FRAME: "frame",
    IdentifierKind.PLATE: "plate",
}
_REMEMBERED: Final = 5000
"""Numbers of cars: more than are ever in the queue on a busy day."""


def display(claim: VehicleClaim) -> str:
    """The identifier as people read it: a VIN in its three groups, a Russian plate in Cyrillic and in its own."""
    return as_read(claim.identifier, claim.identifier_kind, as_seen=claim.as_seen)


def display_plate(claim: VehicleClaim) -> str | None:
    """The plate as people read it, where one was told beside the identifier."""
    return None if claim.plate is None else as_read(claim.plate, IdentifierKind.PLATE)


def number_key(claim: VehicleClaim) -> str:
    """The identifier as cases are found by it: the hyphen of a frame number is often not typed."""
    return claim.identifier.replace("-", "")


def plate_key(claim: VehicleClaim) -> str | None:
    """The plate as cases are found by it, whether it was told beside the identifier or is it."""
    return claim.identifier if claim.identifier_kind is IdentifierKind.PLATE else claim.plate


def identifiers(claim: VehicleClaim) -> tuple[Identifier, ...]:
    """The numbers that sources may be asked by. One that is sent as it stands on the car is nobody's number."""
    own = () if claim.as_seen else (_identifier(claim.identifier_kind, number_key(claim)),)
    beside = () if claim.plate is None else (_identifier(IdentifierKind.PLATE, claim.plate),)
    return tuple(dict.fromkeys((*own, *beside)))


def _identifier(kind: IdentifierKind, value: str) -> Identifier:
    # Of a plate in Cyrillic the country is known; any other may be of several.
    is_russian = kind is IdentifierKind.PLATE and read_plate(value).in_cyrillic
    return Identifier(_NAMES[kind], value, "RU" if is_russian else "")


@lru_cache(_REMEMBERED)
def as_read(number: str, kind: IdentifierKind, *, as_seen: bool = False) -> str:
    """A number of a car as people read it; one that is none as it is."""
    # Remembered, for it is most of the work on a page, and every screen asks for the same pages again and again.
    reading = read_identifier(number, kind, as_seen=as_seen)
    return reading.display if reading.ok else number
