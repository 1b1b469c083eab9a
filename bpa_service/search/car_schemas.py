"""Numbers of cars that records know, as the API speaks of them."""

from enum import StrEnum

from bpa_service.vehicles.lookup.naming import NumberName
from service_kit.http.schemas import ApiOutput
from service_kit.search.showing.schemas import FitOut


class NumberKind(StrEnum):
    """What kind of number it is. NUMBER: a VIN, or another number of the frame, body or chassis."""

    NUMBER = "number"
    PLATE = "plate"
    ENGINE = "engine"


class VehiclePath(ApiOutput):
    """By what `GET /vehicles/{name}/{value}` gives the history."""

    name: NumberName
    value: str


class CarFound(ApiOutput):
    """A number of a car. `text` is how people read it, `marks` are [start, end) in code points of it.

    `records` of `sources` know it by this number. `make`, `model` and `year` are null where they differ or say
    none. `vehicle` is null where no one car has it: an engine may be in another by now.
    """

    kind: NumberKind
    text: str
    fit: FitOut
    marks: list[tuple[int, int]]
    records: int
    sources: int
    make: str | None
    model: str | None
    year: int | None
    vehicle: VehiclePath | None


class WhyNot(StrEnum):
    """Why an answer may miss something. AWAY: the records are not at hand now. SLOW: they took too long. ENDS:
    part of what was typed says too little of how a number begins or ends, and was not looked for.
    """

    AWAY = "store_away"
    SLOW = "store_slow"
    ENDS = "too_little"


class CarsPage(ApiOutput):
    """Numbers that fit what was typed, those that fit best first, of equal ones by the number.

    `has_more`: more fit than are shown, or may: with a mistake none is looked for where those without fill the
    page. `limited` is null where nothing is missing.
    """

    items: list[CarFound]
    has_more: bool
    limited: WhyNot | None
