"""Numbers of cars as the API speaks of them."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import ConfigDict, Field

from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.identifiers import Reading, Severity
from shared_schemas.identifiers import candidates as meant
from shared_schemas.vin import Region
from shared_schemas.vin.facts import Confidence
from shared_schemas.words import IdentifierKind, Shot


class NumberIn(ApiInput):
    """A number of a car as it was typed; without a kind it is read as what it looks like."""

    text: Annotated[str, Field(max_length=200)]
    kind: IdentifierKind | None = None


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
    found: str
    computed: str
    fits: bool
    mandatory: bool


class ModelYearOut(FromDomain):
    year: int
    position: int
    confidence: Confidence


class VinFactsOut(FromDomain):
    """What a VIN says of itself: information, no proof."""

    maker: str
    region: Region
    check_digit: CheckDigitOut
    model_years: tuple[ModelYearOut, ...]


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
    def of(cls, reading: Reading) -> "ReadingOut":
        return cls(
            kind=reading.kind,
            value=reading.value,
            display=reading.display,
            ok=reading.ok,
            changes=tuple(map(ChangeOut.model_validate, reading.changes)),
            issues=tuple(map(IssueOut.model_validate, reading.issues)),
            vin_facts=VinFactsOut.model_validate(reading.vin_facts) if reading.vin_facts else None,
            candidates=tuple(map(MeantOut.model_validate, meant.candidates(reading))),
        )


class CapturePlanOut(ApiOutput):
    """Which photos are asked for where the car is known by a number of this kind.

    Of `one_of` at least one is needed, the most telling first; `suggested` ones help the experts.
    """

    kind: IdentifierKind
    one_of: list[Shot]
    suggested: list[Shot]
