"""What does not agree about a car: among sources, and between what its client says and its VIN. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bpa_service.reports.histories import plain
from bpa_service.vehicles.history.aspects import Aspect, Statement
from bpa_service.vehicles.history.mileage import Fall
from bpa_service.vehicles.lookup.finding import Found
from bpa_service.vehicles.records.record import Record
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.records import Precision
from shared_schemas.report.content import Contradiction, Saying
from shared_schemas.vin import CHECK_POSITION, is_well_formed
from shared_schemas.vin.claims import Claim, Doubt, DoubtCode, DoubtSeverity, doubts
from shared_schemas.vin.facts import facts
from shared_schemas.vin.learned import Learned
from shared_schemas.words import IdentifierKind

CLAIM: Final = "claim"
VIN: Final = "vin"
MOST_SAYINGS: Final = 12
MOST_FALLS: Final = 10
_GRAVEST_FIRST: Final = (*DoubtSeverity,)


def contradictions_of(
    found: Found, claim: VehicleClaim, learned: Learned, now: datetime
) -> tuple[Contradiction, ...]:
    """The gravest first. What has an honest explanation that is known, such as miles, is none."""
    all_of_them = (
        *_of_the_vin(found, claim, learned, now),
        *(_of_aspect(one, one.severity) for one in found.history.aspects if one.severity),
        *(_of_fall(one) for one in found.history.mileages.rollbacks[:MOST_FALLS]),
    )
    return tuple(sorted(all_of_them, key=lambda one: _GRAVEST_FIRST.index(one.severity)))


def _of_aspect(aspect: Aspect, severity: DoubtSeverity) -> Contradiction:
    """Statements that agree with all others are no part of it."""
    said = [one for one in aspect.statements if one.severity][:MOST_SAYINGS]
    return Contradiction(about=aspect.name, severity=severity, sayings=tuple(map(_saying, said)))


def _saying(statement: Statement) -> Saying:
    by = tuple(sorted({one.source for one in statement.records}))
    return Saying(said=plain(statement.texts[0]), by=by)


def _of_fall(fall: Fall) -> Contradiction:
    readings = (_reading(one) for one in (fall.higher, fall.lower))
    return Contradiction(about="mileage", severity=DoubtSeverity.ANOMALY, sayings=tuple(readings))


def _reading(record: Record) -> Saying:
    return Saying(
        said=str(record.mileage_km),
        by=(record.source,),
        on=record.began,
        precision=Precision(record.precision),
    )


def _of_the_vin(
    found: Found, claim: VehicleClaim, learned: Learned, now: datetime
) -> Iterator[Contradiction]:
    """By the number that the client gave, or else the first that records state."""
    is_claimed = claim.identifier_kind is IdentifierKind.VIN
    number, whose = (claim.identifier, (CLAIM,)) if is_claimed else _vin_of_records(found)
    if not is_well_formed(number):
        return
    known_by = (VIN,) if is_claimed else (VIN, *whose)
    known = facts(number, this_year=now.year, learned=learned)
    for doubt in doubts(known, Claim(make=claim.make, model=claim.model, year=claim.year)):
        sayings = tuple(_sayings(doubt, number, whose, known_by))
        yield Contradiction(about=doubt.about, severity=doubt.severity, sayings=sayings)


def _vin_of_records(found: Found) -> tuple[str, tuple[str, ...]]:
    """The first VIN that records state, and the sources of these: it is known from nobody else."""
    for one in found.followed:
        if one.name.name == "vin":
            return one.name.value, tuple(sorted({record.source for record in one.stated_by}))
    return "", ()


def _sayings(
    doubt: Doubt, number: str, whose: tuple[str, ...], known_by: tuple[str, ...]
) -> Iterator[Saying]:
    """`whose` word the number is, and who says what follows from it."""
    match doubt.code:
        case DoubtCode.PLACEHOLDER:
            yield Saying(said=number, by=whose)
        case DoubtCode.CHECK_DIGIT:
            place = CHECK_POSITION - 1
            yield Saying(said=number, by=whose)
            yield Saying(said=number[:place] + doubt.params["computed"] + number[place + 1 :], by=(VIN,))
        case _:
            yield Saying(said=doubt.params["said"], by=(CLAIM,))
            yield Saying(said=doubt.params["known"], by=known_by)
