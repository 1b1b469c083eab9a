"""What the client says the car is: kept as typed, and read."""

from typing import Any

from cabinet_service.inspections.identifiers import Reading, read_identifier
from cabinet_service.inspections.models import Inspection
from cabinet_service.inspections.schemas import ClaimIn
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind

_TYPED_AS = {
    "identifier": "identifier_typed",
    "identifier_kind": "identifier_kind_asked",
    "plate": "plate_typed",
}


def apply(inspection: Inspection, claim: ClaimIn) -> None:
    """Set the fields that `claim` mentions, and what is read from them."""
    changes: dict[str, Any] = claim.model_dump(include=claim.model_fields_set)
    for name, value in changes.items():
        setattr(inspection, _TYPED_AS.get(name, name), value)
    identifier, plate = identifier_reading(inspection), plate_reading(inspection)
    inspection.identifier = (identifier.value or None) if identifier else None
    inspection.plate = (plate.value or None) if plate else None


def identifier_reading(inspection: Inspection, *, this_year: int | None = None) -> Reading | None:
    """How the typed number is read; None if none was typed."""
    if inspection.identifier_typed is None:
        return None
    return read_identifier(inspection.identifier_typed, inspection.identifier_kind_asked, this_year=this_year)


def plate_reading(inspection: Inspection) -> Reading | None:
    if inspection.plate_typed is None:
        return None
    return read_identifier(inspection.plate_typed, IdentifierKind.PLATE)


def naming(inspection: Inspection) -> Reading | None:
    """The reading by which the car is named: of the number, or of the plate where that is all there is."""
    return identifier_reading(inspection) or plate_reading(inspection)


def vehicle_claim(inspection: Inspection, named: Reading) -> VehicleClaim:
    """The claim as the experts get it."""
    return VehicleClaim(
        identifier_kind=named.kind,
        identifier=named.value,
        plate=inspection.plate,
        make=inspection.make,
        model=inspection.model,
        year=inspection.year,
        mileage_km=inspection.mileage_km,
        advert_url=inspection.advert_url,
    )
