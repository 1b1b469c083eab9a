"""What follows of a VIN, each conclusion with its grounds, for people to read.

A conclusion is a code with values; the words for it, in every language, stand under `vin` in the catalogues of
`service_kit/web/messages`, which are JSON for whoever else shows them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from shared_schemas.vin import CHECK_POSITION, is_placeholder
from shared_schemas.vin.codes import Basis, CheckRule, YearPlace
from shared_schemas.vin.facts import Confidence, VinFacts


class ConclusionCode(StrEnum):
    """What is concluded, in the order in which it is told."""

    PLACEHOLDER = "placeholder"
    MAKER_KNOWN = "maker_known"
    MAKER_SHARED = "maker_shared"
    MAKER_LISTED = "maker_listed"
    MAKER_DISPUTED = "maker_disputed"
    MAKER_UNKNOWN = "maker_unknown"
    MAKER_SMALL = "maker_small"
    PLANT = "plant"
    CHECK_MANDATED_FITS = "check_mandated_fits"
    CHECK_MANDATED_DIFFERS = "check_mandated_differs"
    CHECK_OTHER_MARKET = "check_other_market"
    CHECK_COMPUTED_FITS = "check_computed_fits"
    CHECK_COMPUTED_DIFFERS = "check_computed_differs"
    CHECK_NONE = "check_none"
    CHECK_UNKNOWN = "check_unknown"
    CHECK_LEARNED = "check_learned"
    YEAR_LIKELY = "year_likely"
    YEAR_ONE_OF = "year_one_of"
    YEAR_POSSIBLE = "year_possible"
    YEAR_AT_ELEVEN = "year_at_eleven"
    YEAR_NOT_THERE = "year_not_there"
    YEAR_NO_CODE = "year_no_code"
    YEAR_LEARNED = "year_learned"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion. `positions` are those of the VIN that it is drawn from, counted from 1.

    `params`: `maker_*` code, makes, source; `maker_small` code; `plant` plant; `check_*` found, computed;
    `*_learned` support, percent; `year_*` years, code.
    """

    code: ConclusionCode
    positions: tuple[int, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict[str, str])


_MAKER: Final = (1, 2, 3)


def conclusions(known: VinFacts) -> tuple[Conclusion, ...]:
    """What follows of this VIN. A placeholder belongs to no car, and nothing else follows of it."""
    if is_placeholder(known.vin):
        return (Conclusion(ConclusionCode.PLACEHOLDER),)
    return (*_of_maker(known), *_of_check_digit(known), *_of_year(known))


def _of_maker(known: VinFacts) -> Iterator[Conclusion]:
    code = known.code
    if not known.makes:
        said = ConclusionCode.MAKER_UNKNOWN
    elif code.disputed:
        said = ConclusionCode.MAKER_DISPUTED
    elif code.basis is not Basis.CURATED:
        said = ConclusionCode.MAKER_LISTED
    else:
        said = ConclusionCode.MAKER_KNOWN if len(known.makes) == 1 else ConclusionCode.MAKER_SHARED
    params = {"code": known.vin[:3], "makes": ", ".join(sorted(known.makes)), "source": code.source}
    yield Conclusion(said, _MAKER, params)
    if known.is_of_small_maker:
        yield Conclusion(ConclusionCode.MAKER_SMALL, (3, 12, 13, 14), {"code": known.maker})
    if known.plant:
        yield Conclusion(ConclusionCode.PLANT, _MAKER, {"plant": known.plant})


def _of_check_digit(known: VinFacts) -> Iterator[Conclusion]:
    digit = known.check_digit
    match digit.rule:
        case CheckRule.MANDATED if digit.fits:
            said = ConclusionCode.CHECK_MANDATED_FITS
        case CheckRule.MANDATED:
            is_one = digit.found.isdigit() or digit.found == "X"
            said = ConclusionCode.CHECK_MANDATED_DIFFERS if is_one else ConclusionCode.CHECK_OTHER_MARKET
        case CheckRule.COMPUTED:
            said = ConclusionCode.CHECK_COMPUTED_FITS if digit.fits else ConclusionCode.CHECK_COMPUTED_DIFFERS
        case CheckRule.NONE:
            said = ConclusionCode.CHECK_NONE
        case CheckRule.UNKNOWN:
            said = ConclusionCode.CHECK_UNKNOWN
    yield Conclusion(said, (CHECK_POSITION,), {"found": digit.found, "computed": digit.computed})
    rule = known.learned
    if rule and digit.rule is rule.check is not CheckRule.UNKNOWN:
        params = _support(rule.check_support, rule.check_confidence)
        yield Conclusion(ConclusionCode.CHECK_LEARNED, (CHECK_POSITION,), params)


def _of_year(known: VinFacts) -> Iterator[Conclusion]:
    candidates, place = known.model_years, known.year_place
    position = candidates[0].position if candidates else 10
    if place is YearPlace.NOWHERE:
        said = ConclusionCode.YEAR_NOT_THERE
    elif not candidates:
        said = ConclusionCode.YEAR_NO_CODE
    elif not known.year_is_known:
        said = ConclusionCode.YEAR_POSSIBLE
    elif place is YearPlace.AT_11:
        said = ConclusionCode.YEAR_AT_ELEVEN
    elif any(one.confidence is Confidence.LIKELY for one in candidates):
        said = ConclusionCode.YEAR_LIKELY
    else:
        said = ConclusionCode.YEAR_ONE_OF
    likely = [one for one in candidates if one.confidence is Confidence.LIKELY]
    years = ", ".join(str(one.year) for one in likely or candidates)
    yield Conclusion(said, (position,), {"years": years, "code": known.vin[position - 1]})
    rule = known.learned
    if rule and place is rule.year is not YearPlace.UNKNOWN:
        yield Conclusion(
            ConclusionCode.YEAR_LEARNED, (position,), _support(rule.year_support, rule.year_confidence)
        )


def _support(support: int, confidence: float) -> dict[str, str]:
    return {"support": str(support), "percent": str(int(100 * confidence))}
