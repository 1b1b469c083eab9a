"""The numbers of a car as people read them."""

from functools import lru_cache
from typing import Final

from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.identifiers import read_identifier
from shared_schemas.words import IdentifierKind

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


@lru_cache(_REMEMBERED)
def as_read(number: str, kind: IdentifierKind, *, as_seen: bool = False) -> str:
    """A number of a car as people read it; one that is none as it is."""
    # Remembered, for it is most of the work on a page, and every screen asks for the same pages again and again.
    reading = read_identifier(number, kind, as_seen=as_seen)
    return reading.display if reading.ok else number
