"""By which names of records a number that somebody gives is looked up."""

from enum import StrEnum

from bpa_service.vehicles.lookup.errors import NoNumberOfAVehicle
from bpa_service.vehicles.records.record import Identifier, IdentifierName
from shared_schemas import vin
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.identifiers import read_identifier
from shared_schemas.identifiers.plates import read_plate
from shared_schemas.words import IdentifierKind


class NumberName(StrEnum):
    """What a vehicle can be looked up by. A number of the engine may be that of another car by now: not by it."""

    VIN = "vin"
    FRAME = "frame"
    BODY = "body"
    CHASSIS = "chassis"
    PLATE = "plate"


# Registers have a VIN, or a frame number, as that of the body or of the chassis as well.
_SAME: dict[NumberName, tuple[IdentifierName, ...]] = {
    NumberName.VIN: ("vin", "body", "chassis"),
    NumberName.FRAME: ("frame", "body", "chassis"),
    NumberName.BODY: ("body", "frame", "chassis"),
    NumberName.CHASSIS: ("chassis", "frame", "body"),
    NumberName.PLATE: ("plate",),
}
_KINDS = {NumberName.VIN: IdentifierKind.VIN, NumberName.PLATE: IdentifierKind.PLATE}


def names_of(name: NumberName, typed: str) -> tuple[Identifier, ...]:
    """The names that a number has in records; the first is what was asked for. Raises NoNumberOfAVehicle."""
    reading = read_identifier(typed, _KINDS.get(name, IdentifierKind.FRAME))
    value = reading.value.replace("-", "")
    if not reading.ok or (name is NumberName.VIN and vin.is_placeholder(value)):
        raise NoNumberOfAVehicle
    country = "RU" if name is NumberName.PLATE and read_plate(value).in_cyrillic else ""
    return tuple(Identifier(one, value, country) for one in _SAME[name])


def names_in(claim: VehicleClaim) -> tuple[Identifier, ...]:
    """The names that what a client says of a car gives; none where nothing in it is a number of a car."""
    found: list[Identifier] = []
    numbers = [(NumberName(claim.identifier_kind), claim.identifier), (NumberName.PLATE, claim.plate)]
    for name, number in numbers:
        if number is not None:
            try:
                found += names_of(name, number)
            except NoNumberOfAVehicle:
                continue
    return tuple(dict.fromkeys(found))
