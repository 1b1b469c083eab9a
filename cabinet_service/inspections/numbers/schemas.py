"""Numbers of cars as the API speaks of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from pydantic import ConfigDict, Field, field_validator

from service_kit.http.schemas import ApiInput, ApiOutput
from service_kit.http.vins import ConclusionOut, DoubtOut
from shared_schemas.identifiers import Reading, Severity, read_identifier
from shared_schemas.identifiers import candidates as meant
from shared_schemas.rest.previews import PreviewState, VehiclePreview
from shared_schemas.vin import Region
from shared_schemas.vin.claims import Claim, Document, doubts
from shared_schemas.vin.codes import CheckRule, Plant
from shared_schemas.vin.conclusions import conclusions
from shared_schemas.vin.facts import Confidence
from shared_schemas.vin.learned import Learned
from shared_schemas.vin.masks import is_masked, pattern
from shared_schemas.words import IdentifierKind, Shot

Year = Annotated[int, Field(ge=1886, le=2100)]
Words = Annotated[str, Field(max_length=200)]
MOST_DOCUMENTS: Final = 5


class DocumentIn(ApiInput):
    """What a paper says of the car: its VIN, hidden characters as `*`, its year, and the year of the paper."""

    number: Words | None = None
    year: Year | None = None
    issued: Year | None = None


class SaidIn(ApiInput):
    """What somebody says that the car is."""

    make: Words | None = None
    model: Words | None = None
    year: Year | None = None
    documents: Annotated[tuple[DocumentIn, ...], Field(max_length=MOST_DOCUMENTS)] = ()


class NumberIn(ApiInput):
    """A number of a car as it was typed; without a kind it is read as what it looks like.

    `said` is compared with what a VIN says.
    """

    text: Words
    kind: IdentifierKind | None = None
    said: SaidIn | None = None


class FromDomain(ApiOutput):
    """Read from the attributes of a domain object with the same names."""

    model_config = ConfigDict(from_attributes=True)


class ChangeOut(FromDomain):
    """The character at `position` (from 1) was typed as `typed`."""

    position: int
    typed: str
    became: str


class IssueOut(FromDomain):
    """Something about the number. An `error` keeps it from being sent, an `info` does not."""

    code: str
    severity: Severity
    positions: tuple[int, ...]
    params: Mapping[str, int | str]


class CheckDigitOut(FromDomain):
    """Position 9. `mandatory` is whether the law orders a check digit; `rule` also what is seen of the plant."""

    found: str
    computed: str
    fits: bool
    mandatory: bool
    rule: CheckRule


class ModelYearOut(FromDomain):
    """A model year that the VIN may mean. It goes with the calendar years from `earliest` to `latest`."""

    year: int
    position: int
    confidence: Confidence
    earliest: int
    latest: int


class VinFactsOut(FromDomain):
    """What a VIN says of itself: information, no proof.

    `makes` are all that its code may stand for, empty where that is not known; `plant` is where it was built.
    `descriptor` and `serial` are characters of the VIN. `year_is_known` is whether its maker is known to put the
    model year where `model_years` has it from.
    """

    maker: str
    region: Region
    makes: tuple[str, ...]
    plant: Plant | None
    descriptor: str
    serial: str
    check_digit: CheckDigitOut
    model_years: tuple[ModelYearOut, ...]
    year_is_known: bool

    @field_validator("makes", mode="before")
    @classmethod
    def _in_order(cls, makes: frozenset[str]) -> tuple[str, ...]:
        return tuple(sorted(makes))


class MeantOut(FromDomain):
    """A number that may have been meant; `display` is shown, `reason` says why it is offered."""

    kind: IdentifierKind
    value: str
    display: str
    reason: meant.Reason


class ReadingOut(FromDomain):
    """How a typed number was read: `value` is compared, `display` is shown, `changes` says what was repaired.

    `candidates` are to be offered, the likeliest first, and none is taken without a word of the client.
    """

    kind: IdentifierKind
    value: str
    display: str
    ok: bool
    changes: tuple[ChangeOut, ...]
    issues: tuple[IssueOut, ...]
    vin_facts: VinFactsOut | None
    candidates: tuple[MeantOut, ...]

    @classmethod
    def of(cls, reading: Reading, learned: Learned | None = None) -> "ReadingOut":
        return cls(
            kind=reading.kind,
            value=reading.value,
            display=reading.display,
            ok=reading.ok,
            changes=tuple(map(ChangeOut.model_validate, reading.changes)),
            issues=tuple(map(IssueOut.model_validate, reading.issues)),
            vin_facts=VinFactsOut.model_validate(reading.vin_facts) if reading.vin_facts else None,
            candidates=tuple(map(MeantOut.model_validate, meant.candidates(reading, learned))),
        )


class InspectedOut(ReadingOut):
    """A reading, what follows of it if it is a VIN, and what of the words sent with it does not agree."""

    conclusions: tuple[ConclusionOut, ...]
    doubts: tuple[DoubtOut, ...]

    @classmethod
    def inspected(cls, reading: Reading, said: SaidIn | None, learned: Learned) -> "InspectedOut":
        known = reading.vin_facts
        told = conclusions(known) if known else ()
        against = doubts(known, _claim(said or SaidIn())) if known else ()
        return cls(
            **dict(ReadingOut.of(reading, learned)),
            conclusions=tuple(map(ConclusionOut.model_validate, told)),
            doubts=tuple(map(DoubtOut.model_validate, against)),
        )


def _claim(said: SaidIn) -> Claim:
    documents = tuple(
        Document(number=_number(one.number), year=one.year, issued=one.issued) for one in said.documents
    )
    return Claim(make=said.make, model=said.model, year=said.year, documents=documents)


def _number(typed: str | None) -> str | None:
    """A VIN out of a paper, with what is hidden as the engine has it."""
    if typed is None:
        return None
    value = read_identifier(typed, IdentifierKind.VIN).value
    return pattern(value) if is_masked(value) else value


class PreviewIn(ApiInput):
    """A number of a car as it was typed; without a kind it is read as what it looks like."""

    text: Words
    kind: IdentifierKind | None = None


class PreviewOut(ApiOutput):
    """What is known of a car before anything is ordered: counts, and no word about how it is.

    `nothing`: no file of a source names it, which does not say that the car is in order; `unknown`: nobody could
    look. `as_of` is when the newest file stood so, `last_mileage_year` that of the last mileage on record.
    """

    state: PreviewState
    records: int
    sources: int
    as_of: datetime | None
    last_mileage_year: int | None

    @classmethod
    def of(cls, found: VehiclePreview) -> "PreviewOut":
        return cls(
            state=found.state,
            records=sum(block.records for block in found.blocks),
            sources=len({block.source for block in found.blocks}),
            as_of=found.as_of,
            last_mileage_year=found.last_mileage_year,
        )


class CapturePlanOut(ApiOutput):
    """Which photos are asked for where the car is known by a number of this kind.

    Of `one_of` at least one is needed, the most telling first; `suggested` ones help the experts.
    """

    kind: IdentifierKind
    one_of: list[Shot]
    suggested: list[Shot]
