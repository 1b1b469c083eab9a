"""Whether what somebody says of a car agrees with its VIN.

Only what is known is held against anybody: of a code, a descriptor or a place of the year that nothing is known
of nothing is said. A doubt is a question to look into, and none says "forged": cars are re-marked by law, and
papers have slips.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from shared_schemas.vin import CHECK_POSITION, LENGTH, is_placeholder
from shared_schemas.vin.codes import Basis, CheckRule
from shared_schemas.vin.facts import VinFacts
from shared_schemas.vin.masks import HIDDEN, agrees
from shared_schemas.vin.models import models_named, models_of
from shared_schemas.vin.names import makes_named

# A model year runs ahead of the calendar, and a car is often registered in the year after: that is nothing.
_NOTHING: Final = 1
# A car that stood unsold for a year more is unusual, and honest.
_UNUSUAL: Final = 2


class DoubtSeverity(StrEnum):
    """How much a doubt weighs. `CONTRADICTION`: both cannot be true, as far as is known. `ANOMALY`: honest cars
    are hardly ever so. `UNUSUAL`: some honest cars are.
    """

    CONTRADICTION = "contradiction"
    ANOMALY = "anomaly"
    UNUSUAL = "unusual"


class ClaimPart(StrEnum):
    """What of the claim a doubt is about."""

    NUMBER = "number"
    MAKE = "make"
    MODEL = "model"
    YEAR = "year"
    DOCUMENTS = "documents"


class DoubtCode(StrEnum):
    """What speaks against a claim; the words for people are in the catalogues of the web apps."""

    PLACEHOLDER = "placeholder"
    CHECK_DIGIT = "check_digit"
    OTHER_MAKES = "other_makes"
    OTHER_MODEL = "other_model"
    OTHER_YEAR = "other_year"
    DOCUMENT_OTHER_NUMBER = "document_other_number"
    DOCUMENT_OTHER_YEAR = "document_other_year"
    DOCUMENT_OLDER = "document_older"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What does not agree, and how much that weighs. `positions` are those of the VIN that say so, from 1.

    `params`: `other_makes` said, known; `other_model` said, known; `other_year` said, known;
    `check_digit` found, computed; `document_other_number` number; `document_other_year` said, known;
    `document_older` said, known.
    """

    code: DoubtCode
    about: ClaimPart
    severity: DoubtSeverity
    positions: tuple[int, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a paper says of the car: its number as it stands there (hidden characters as `*`), the year of the
    car, and in which year the paper was made out.
    """

    number: str | None = None
    year: int | None = None
    issued: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says the car is. What is None was not said."""

    make: str | None = None
    model: str | None = None
    year: int | None = None
    documents: Sequence[Document] = ()


def doubts(known: VinFacts, claim: Claim) -> tuple[Doubt, ...]:
    """What does not agree, the gravest first; empty where all does, or nothing is known."""
    if is_placeholder(known.vin):
        return (Doubt(DoubtCode.PLACEHOLDER, ClaimPart.NUMBER, DoubtSeverity.ANOMALY),)
    found = [
        *_check_digit(known),
        *_make(known, claim.make),
        *_model(known, claim),
        *_year(known, claim.year, DoubtCode.OTHER_YEAR, ClaimPart.YEAR),
        *(doubt for document in claim.documents for doubt in _document(known, document)),
    ]
    return tuple(sorted(found, key=lambda doubt: [*DoubtSeverity].index(doubt.severity)))


def _check_digit(known: VinFacts) -> Iterator[Doubt]:
    digit = known.check_digit
    if digit.fits or digit.rule not in {CheckRule.MANDATED, CheckRule.COMPUTED}:
        return
    # A plant that is seen to compute one may have models for which it does not; and a letter that no computation
    # gives says that this car was made for another market.
    is_ordered = digit.rule is CheckRule.MANDATED and (digit.found.isdigit() or digit.found == "X")
    severity = DoubtSeverity.ANOMALY if is_ordered else DoubtSeverity.UNUSUAL
    params = {"found": digit.found, "computed": digit.computed}
    yield Doubt(DoubtCode.CHECK_DIGIT, ClaimPart.NUMBER, severity, (CHECK_POSITION,), params)


def _make(known: VinFacts, said: str | None) -> Iterator[Doubt]:
    named = makes_named(said) if said else frozenset[str]()
    if named and known.code.is_certain and known.makes.isdisjoint(named):
        severity = DoubtSeverity.CONTRADICTION if known.code.basis is Basis.CURATED else DoubtSeverity.ANOMALY
        params = {"said": _joined(named), "known": _joined(known.makes)}
        yield Doubt(DoubtCode.OTHER_MAKES, ClaimPart.MAKE, severity, (1, 2, 3), params)


def _model(known: VinFacts, claim: Claim) -> Iterator[Doubt]:
    meant = models_of(known.vin)
    if meant is None:
        return
    said = models_named(known.vin[:3], " ".join(filter(None, (claim.make, claim.model))))
    if said and meant.names.isdisjoint(said):
        params = {"said": _joined(said), "known": _joined(meant.names)}
        yield Doubt(DoubtCode.OTHER_MODEL, ClaimPart.MODEL, DoubtSeverity.ANOMALY, meant.positions, params)


def _year(known: VinFacts, said: int | None, code: DoubtCode, about: ClaimPart) -> Iterator[Doubt]:
    candidates = known.model_years
    if said is None or not candidates or not known.year_is_known:
        return
    apart = min(abs(candidate.year - said) for candidate in candidates)
    if apart > _NOTHING:
        severity = DoubtSeverity.UNUSUAL if apart <= _UNUSUAL else DoubtSeverity.CONTRADICTION
        years = ", ".join(str(candidate.year) for candidate in candidates)
        yield Doubt(code, about, severity, (candidates[0].position,), {"said": str(said), "known": years})


def _document(known: VinFacts, document: Document) -> Iterator[Doubt]:
    number = document.number
    if number and len(number) == LENGTH and not agrees(number, known.vin):
        pairs = enumerate(zip(number, known.vin, strict=True), 1)
        other = tuple(place for place, (one, own) in pairs if one not in {own, HIDDEN})
        params = {"number": number}
        yield Doubt(
            DoubtCode.DOCUMENT_OTHER_NUMBER, ClaimPart.DOCUMENTS, DoubtSeverity.CONTRADICTION, other, params
        )
    yield from _year(known, document.year, DoubtCode.DOCUMENT_OTHER_YEAR, ClaimPart.DOCUMENTS)
    if document.issued is not None and known.model_years and known.year_is_known:
        first = known.model_years[-1]
        if document.issued < first.earliest:
            params = {"said": str(document.issued), "known": str(first.earliest)}
            severity = DoubtSeverity.CONTRADICTION
            yield Doubt(DoubtCode.DOCUMENT_OLDER, ClaimPart.DOCUMENTS, severity, (first.position,), params)


def _joined(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
