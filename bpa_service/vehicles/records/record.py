"""The vehicle record: one observation of one vehicle (or of a range of them) by one source.

Whatever a source delivers becomes records of this one form, and the store holds nothing else. How it is read:

*Who.* `vin` is a well-formed VIN of 17 characters that belongs to a car, or empty. What hides characters is
`vin_pattern`, with `*` for each hidden one. A recall of a range has `vin_from` and `vin_to`. `frame`, `body`,
`chassis`, `engine` and `plate` are peers of the VIN, each empty when not given, spelled as
`shared_schemas.identifiers` spells them; `identifiers()` gives what a lookup compares. `source_vehicle` is the
source's own name of the vehicle, which stays when the plate changes.

*When.* `began` and `ended` are days of the calendar where it happened, as the source wrote them: a local day is
never shifted by UTC. `precision` says how much of `began` is known. `at` is the moment in UTC, and is there only
when the source gave a time and its zone is known from the text or from the mapping. Unknown is None; 1 January
1900 is never stored for it.

*Mileage.* `mileage_km` is for comparing, None when unknown; `mileage_value` and `mileage_unit` are what the
source said. 0, 1 and 999999 are no mileage unless the source says that they are one: see `MileageQuality`.

*What the source wrote.* `as_written` has, by field, the source's own text wherever the field says it otherwise.
What no mapping names is not kept: that is how names and phone numbers stay out.

*Whence.* `source`, `file`, `row` (where it begins, from 1: a line, the row of a sheet, the place in an array) and
`item` (the place within a document, else 0). `as_of` is when the source says its file stood so, `asked_at` when a
single answer was asked for. `row_hash` is of the source, the shape and the mapped cells, and of nothing else: the
same row in another file, order, encoding or column order has the same hash, so a second import adds nothing.

*Corrections.* `key` is what the source calls this row, or the hash where it calls it nothing. Of records with the
same `source` and `key` the one with the latest `as_of` holds. A row with `action=withdraw` takes back what was
stated under its key; of a file that is complete (`Mapping.delivery`), whatever is not in it is taken back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, get_args

from bpa_service.vehicles.records.kinds import Action
from shared_schemas.records import Kind, MileageQuality, Outcome, Precision

IdentifierName = Literal["vin", "frame", "body", "chassis", "engine", "plate", "source_vehicle"]
IDENTIFIERS: Final[tuple[IdentifierName, ...]] = get_args(IdentifierName)


class Identifier(NamedTuple):
    """One of the names of the vehicle. `country` is that of a plate, else empty."""

    name: IdentifierName
    value: str
    country: str


@dataclass(slots=True, kw_only=True)
class Record:
    """One observation; the module says how it is read, `columns.COLUMNS` the type and the limit of each field."""

    source: str
    kind: Kind
    key: str
    row_hash: bytes  # 16 bytes
    file: str
    row: int
    as_of: datetime
    item: int = 0
    asked_at: datetime | None = None
    action: Action = Action.STATE
    language: str = ""  # ISO 639-1, of what is text in it

    vin: str = ""
    vin_pattern: str = ""
    vin_from: str = ""
    vin_to: str = ""
    frame: str = ""
    body: str = ""
    chassis: str = ""
    engine: str = ""
    plate: str = ""
    plate_country: str = ""  # ISO 3166-1 alpha-2
    source_vehicle: str = ""

    began: date | None = None
    ended: date | None = None
    precision: Precision = Precision.NONE
    at: datetime | None = None

    mileage_km: int | None = None
    mileage_value: float | None = None
    mileage_unit: str = ""  # km or mi
    mileage_quality: MileageQuality = MileageQuality.NONE

    make: str = ""
    model: str = ""
    year: int | None = None  # as the source counts it: of the model or of the build
    colour: str = ""

    country: str = ""  # where it happened, ISO 3166-1 alpha-2
    place: str = ""
    amount: float | None = None
    currency: str = ""  # ISO 4217
    outcome: Outcome = Outcome.NONE
    text: str = ""  # what is told in words
    codes: tuple[str, ...] = ()  # each as "table:code": gibdd.operation:07, vag.option:1AT
    attributes: Mapping[str, str] = field(
        default_factory=dict[str, str]
    )  # by names of `attributes.ATTRIBUTES`
    as_written: Mapping[str, str] = field(default_factory=dict[str, str])
    marks: tuple[str, ...] = ()  # of `Mark`

    def identifiers(self) -> Iterator[Identifier]:
        """Whatever this record can be found by, without hyphens; patterns and ranges are not among it."""
        for name in IDENTIFIERS:
            if value := getattr(self, name).replace("-", ""):
                yield Identifier(name, value, self.plate_country if name == "plate" else "")
