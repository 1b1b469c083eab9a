"""What a VIN says, as the API speaks of it."""

from collections.abc import Iterable
from datetime import datetime

from bpa_service.vehicles.records.record import Identifier
from service_kit.http.schemas import ApiOutput
from service_kit.http.vins import ConclusionOut, DoubtOut
from shared_schemas import vin
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.vin import Region
from shared_schemas.vin.claims import Claim, ClaimPart, Doubt, DoubtSeverity, doubts
from shared_schemas.vin.conclusions import conclusions
from shared_schemas.vin.facts import Confidence, facts
from shared_schemas.vin.learned import Learned
from shared_schemas.words import IdentifierKind


class ModelYearOut(ApiOutput):
    """A model year that the VIN may mean, and how much that is worth."""

    year: int
    confidence: Confidence


class VinDecode(ApiOutput):
    """What the VIN says of itself: information, no proof. `maker` is its code, `makes` whose cars it stands for.

    `model_years` are those that it may mean, the newest first, and `years` the same without their worth; empty
    if its maker put none there. `makes` is empty where the code's makes are not known for certain.
    `check_digit_fits` is null where no check digit is demanded. `contradicts` names what the client said that the
    VIN speaks against: `year`, `make`. Nothing is said of makers who are not known to follow a rule.
    `conclusions` say what all of it rests on, and `doubts` what of the claim does not agree, the gravest first.
    """

    maker: str
    makes: list[str]
    region: Region
    years: list[int]
    model_years: list[ModelYearOut]
    check_digit_fits: bool | None
    contradicts: list[str]
    conclusions: list[ConclusionOut]
    doubts: list[DoubtOut]

    @classmethod
    def of(cls, claim: VehicleClaim, now: datetime, learned: Learned | None = None) -> "VinDecode | None":
        """None for any other identifier, and for one that is not well formed.

        `learned` is what one's own records teach.
        """
        text = claim.identifier
        if claim.identifier_kind is not IdentifierKind.VIN or not vin.is_well_formed(text):
            return None
        known = facts(text, this_year=now.year, learned=learned)
        digit = known.check_digit
        found = doubts(known, Claim(make=claim.make, model=claim.model, year=claim.year))
        return cls(
            maker=known.maker,
            makes=sorted(known.makes),
            region=known.region,
            years=[one.year for one in known.model_years],
            model_years=[ModelYearOut(year=one.year, confidence=one.confidence) for one in known.model_years],
            check_digit_fits=digit.fits if digit.mandatory else None,
            contradicts=[what for what in (ClaimPart.YEAR, ClaimPart.MAKE) if _is_contradicted(found, what)],
            conclusions=[ConclusionOut.model_validate(one) for one in conclusions(known)],
            doubts=[DoubtOut.model_validate(one) for one in found],
        )


def decoded(
    names: Iterable[Identifier], claim: VehicleClaim | None, now: datetime, learned: Learned
) -> VinDecode | None:
    """What the first VIN among these names says, and what of a claim does not agree with it; None without one."""
    vins = (name.value for name in names if name.name == "vin")
    if (number := next(vins, None)) is None:
        return None
    said = claim.model_dump(include={"make", "model", "year"}) if claim else {}
    of_the_vin = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=number, **said)
    return VinDecode.of(of_the_vin, now, learned)


def _is_contradicted(found: tuple[Doubt, ...], what: ClaimPart) -> bool:
    return any(doubt.about is what and doubt.severity is not DoubtSeverity.UNUSUAL for doubt in found)
