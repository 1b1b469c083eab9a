"""What the client says the car is, kept as typed and read: all that is to be said of a field of the claim."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, HttpUrl, PlainSerializer

from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.core.schemas import nothing_for_empty
from cabinet_service.inspections.numbers.schemas import ReadingOut
from service_kit.http.schemas import ApiInput, ApiOutput, ShortText
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.identifiers import Reading, read_identifier
from shared_schemas.words import IdentifierKind

_TYPED_AS = {
    "identifier": "identifier_typed",
    "identifier_kind": "identifier_kind_asked",
    "plate": "plate_typed",
}


def _with_scheme(value: object) -> object:
    """People paste `avito.ru/…` as their browser shows it."""
    if isinstance(value, str) and value.strip() and "://" not in value:
        return f"https://{value.strip()}"
    return value


Typed = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    BeforeValidator(nothing_for_empty),
    Field(description="Kept as typed, whatever it is: a draft may hold what cannot be sent."),
]
Name = Annotated[ShortText | None, BeforeValidator(nothing_for_empty)]
Link = Annotated[HttpUrl, PlainSerializer(str)]


class ClaimIn(ApiInput):
    """What the client says the car is. In a PATCH, what is left out stays; null takes it away."""

    identifier: Typed = None
    identifier_kind: IdentifierKind | None = None
    as_seen: Annotated[
        bool | None,
        Field(
            description="The number stands so on the car: it is sent although it breaks the rules of its kind."
        ),
    ] = None
    plate: Typed = None
    make: Name = None
    model: Name = None
    year: Annotated[int, Field(ge=1886, le=2100)] | None = None
    mileage_km: Annotated[int, Field(ge=0, le=5_000_000)] | None = None
    advert_url: Annotated[Link | None, BeforeValidator(_with_scheme), BeforeValidator(nothing_for_empty)] = (
        None
    )


class ClaimOut(ApiOutput):
    """The claim as it was typed, and how its numbers are read."""

    identifier: str | None
    identifier_kind: IdentifierKind | None
    as_seen: bool
    plate: str | None
    make: str | None
    model: str | None
    year: int | None
    mileage_km: int | None
    advert_url: str | None
    identifier_reading: ReadingOut | None
    plate_reading: ReadingOut | None

    @classmethod
    def of(cls, inspection: Inspection, *, this_year: int) -> "ClaimOut":
        identifier, plate = identifier_reading(inspection, this_year=this_year), plate_reading(inspection)
        return cls(
            identifier=inspection.identifier_typed,
            identifier_kind=inspection.identifier_kind_asked,
            as_seen=inspection.as_seen,
            plate=inspection.plate_typed,
            make=inspection.make,
            model=inspection.model,
            year=inspection.year,
            mileage_km=inspection.mileage_km,
            advert_url=inspection.advert_url,
            identifier_reading=ReadingOut.of(identifier) if identifier else None,
            plate_reading=ReadingOut.of(plate) if plate else None,
        )


def apply(inspection: Inspection, claim: ClaimIn, *, this_year: int) -> None:
    """Set the fields that `claim` mentions, and what is read from them."""
    changes: dict[str, Any] = claim.model_dump(include=claim.model_fields_set)
    if "as_seen" in changes:
        changes["as_seen"] = changes["as_seen"] is True
    for name, value in changes.items():
        setattr(inspection, _TYPED_AS.get(name, name), value)
    identifier, plate = identifier_reading(inspection, this_year=this_year), plate_reading(inspection)
    inspection.identifier = (identifier.value or None) if identifier else None
    inspection.plate = (plate.value or None) if plate else None


def identifier_reading(inspection: Inspection, *, this_year: int | None = None) -> Reading | None:
    """How the typed number is read; None if none was typed."""
    if inspection.identifier_typed is None:
        return None
    return read_identifier(
        inspection.identifier_typed,
        inspection.identifier_kind_asked,
        this_year=this_year,
        as_seen=inspection.as_seen,
    )


def plate_reading(inspection: Inspection) -> Reading | None:
    if inspection.plate_typed is None:
        return None
    return read_identifier(inspection.plate_typed, IdentifierKind.PLATE)


def naming(inspection: Inspection, *, this_year: int) -> Reading | None:
    """The reading by which the car is named: of the number, or of the plate where that is all there is."""
    return identifier_reading(inspection, this_year=this_year) or plate_reading(inspection)


def vehicle_claim(inspection: Inspection, named: Reading) -> VehicleClaim:
    """The claim as the experts get it."""
    return VehicleClaim(
        identifier_kind=named.kind,
        identifier=named.value,
        as_seen=named.breaks_rules,
        plate=inspection.plate,
        make=inspection.make,
        model=inspection.model,
        year=inspection.year,
        mileage_km=inspection.mileage_km,
        advert_url=inspection.advert_url,
    )
