"""A record and the names of a vehicle, as the API speaks of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from bpa_service.vehicles.history.entries import id_of
from bpa_service.vehicles.records.record import Identifier, IdentifierName, Record
from service_kit.http.schemas import ApiOutput
from shared_schemas.records import Kind, MileageQuality, Outcome, Precision


class NameOut(ApiOutput):
    """A name of the vehicle. `country` is that of a plate, where it is known."""

    name: IdentifierName
    value: str
    country: str

    @classmethod
    def of(cls, name: Identifier) -> Self:
        return cls(name=name.name, value=name.value, country=name.country)


class FollowedOut(NameOut):
    """A name by which was looked as well, because the records `stated_by` state it."""

    stated_by: list[str]


class MileageOut(ApiOutput):
    """What a record says of the mileage: `value` in `unit` as its source has it, `km` if it is comparable."""

    km: int | None
    value: float | None
    unit: str
    quality: MileageQuality


class EntryOut(ApiOutput):
    """A record: what one source says, and whence it is.

    `file`, `row` and `item` say where it stands in what the source delivered, `as_of` when that stood so. Days
    are those of the place where it happened; of a year or month it is the first. `as_written` are the source's
    own texts where they were read otherwise, `marks` what to know of how it was read.
    """

    id: str
    kind: Kind
    source: str
    key: str
    file: str
    row: int
    item: int
    as_of: datetime
    asked_at: datetime | None
    marks: list[str]
    began: date | None
    ended: date | None
    precision: Precision
    mileage: MileageOut | None
    names: list[NameOut]
    make: str
    model: str
    year: int | None
    colour: str
    place: str
    amount: float | None
    currency: str
    outcome: Outcome
    text: str
    codes: list[str]
    attributes: Mapping[str, str]
    as_written: Mapping[str, str]

    @classmethod
    def of(cls, record: Record) -> Self:
        quality = MileageQuality(record.mileage_quality)
        return cls(
            id=id_of(record),
            kind=Kind(record.kind),
            source=record.source,
            key=record.key,
            file=record.file,
            row=record.row,
            item=record.item,
            as_of=record.as_of,
            asked_at=record.asked_at,
            marks=list(record.marks),
            began=record.began,
            ended=record.ended,
            precision=Precision(record.precision),
            mileage=MileageOut(
                km=record.mileage_km, value=record.mileage_value, unit=record.mileage_unit, quality=quality
            )
            if quality is not MileageQuality.NONE
            else None,
            names=[NameOut.of(name) for name in record.identifiers()],
            make=record.make,
            model=record.model,
            year=record.year,
            colour=record.colour,
            place=record.place,
            amount=record.amount,
            currency=record.currency,
            outcome=Outcome(record.outcome),
            text=record.text,
            codes=list(record.codes),
            attributes=record.attributes,
            as_written=record.as_written,
        )
