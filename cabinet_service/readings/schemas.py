"""Bodies of reading from a photo."""

from typing import Annotated

from pydantic import Field

from cabinet_service.inspections.numbers.schemas import ChangeOut, CheckDigitOut, IssueOut
from cabinet_service.readings.domain import Candidate, Source
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.evidence import Region
from shared_schemas.words import IdentifierKind, Shot

# What a region must have at least: a share below it could round to none.
_THIN = 1e-3


def region_of(candidate: Candidate) -> Region:
    """Where the number stands."""
    box = candidate.box
    x, y = min(box.x, 1 - _THIN), min(box.y, 1 - _THIN)
    return Region(x=x, y=y, width=max(box.width, _THIN), height=max(box.height, _THIN))


class PhotoFields(ApiInput):
    """The fields that come with the photo."""

    shot: Shot | None = None


class CandidateOut(ApiOutput):
    """A number that the photo may show: `identifier` is compared, `formatted` is shown.

    `changes` are those made to what was read, `issues` what is to be said of the number: as for a typed one, and
    `reading_end_left_out`. `check_digit` is that of a well-formed VIN, as information. A barcode carries its own
    checksum; for characters `confidence` says how likely it is that the number is right, which proves nothing.
    `upside_down` says that what stands in `region` has to be turned by half a circle to be read.
    """

    identifier: str
    kind: IdentifierKind
    formatted: str
    source: Source
    confidence: Annotated[float, Field(ge=0, le=1)]
    region: Region
    upside_down: bool = False
    changes: tuple[ChangeOut, ...]
    issues: tuple[IssueOut, ...]
    check_digit: CheckDigitOut | None

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        reading = candidate.reading
        facts = reading.vin_facts
        return cls(
            identifier=reading.value,
            kind=reading.kind,
            formatted=reading.display,
            source=candidate.source,
            confidence=round(candidate.confidence, 3),
            region=region_of(candidate),
            upside_down=candidate.upside_down,
            changes=tuple(map(ChangeOut.model_validate, reading.changes)),
            issues=tuple(map(IssueOut.model_validate, reading.issues)),
            check_digit=CheckDigitOut.model_validate(facts.check_digit) if facts else None,
        )


class PhotoReadingOut(ApiOutput):
    """What the photo most likely shows, best first; nothing, if no number of a car was read surely enough.

    `number_seen` is whether the photo shows anything that may be a number of the body or a piece of one, readable
    or not: without, it was most likely taken of something else.
    """

    candidates: list[CandidateOut]
    number_seen: bool
