"""What stands on the photos as the API speaks of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from bpa_service.cases.core.claims import as_read
from bpa_service.cases.core.places import RegionIn
from bpa_service.cases.core.schemas import Names, ref
from bpa_service.cases.readings import domain
from bpa_service.cases.readings.domain import READ_ON, Group, Row, Said
from bpa_service.cases.readings.models import (
    AcceptedFrom,
    Failure,
    PhotoReading,
    ProposalState,
    ReadingProposal,
)
from bpa_service.cases.readings.queries import Found
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.evidence import EvidenceRef, Region
from shared_schemas.rest.readings import ReadNumber
from shared_schemas.words import IdentifierKind, Shot


class ReadingIn(ApiInput):
    """What stands on a photo, as an expert sees it; `?` stands for a character that cannot be made out.

    `kind` follows from the photo and the number where it is not said.
    """

    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    accepted_from: AcceptedFrom
    region: RegionIn | None = None
    kind: IdentifierKind | None = None


class ReadingVersion(ApiOutput):
    """What an expert said at a time; without a `text` it took back what was said before.

    `formatted` is as people read it.
    """

    version: int
    text: str | None
    formatted: str | None
    kind: IdentifierKind
    accepted_from: AcceptedFrom | None
    region: Region | None
    author: ExpertRef
    accepted_at: datetime

    @classmethod
    def of(cls, row: PhotoReading, names: Names) -> "ReadingVersion":
        return cls(
            version=row.version,
            text=row.text,
            formatted=row.text and as_read(row.text, row.kind, as_seen=True),
            kind=row.kind,
            accepted_from=row.accepted_from,
            region=Region.model_validate(row.region) if row.region else None,
            author=ref(row.author_id, names),
            accepted_at=row.accepted_at,
        )


class ProposalOut(ApiOutput):
    """What the reader proposes, best first, for a person to confirm. `failure` says why it said nothing.

    `number_seen`: there is something that may be a number, though none was read surely enough.
    """

    state: ProposalState
    candidates: list[ReadNumber]
    number_seen: bool
    failure: Failure | None
    asked_at: datetime

    @classmethod
    def of(cls, row: ReadingProposal) -> "ProposalOut":
        return cls(
            state=row.state,
            candidates=[ReadNumber.model_validate(one) for one in row.candidates],
            number_seen=row.number_seen,
            failure=row.failure,
            asked_at=row.asked_at,
        )


class ComparedRow(ApiOutput):
    """A number under the others: `cells` has a character or a space for each column. `differs` are the columns,
    from 0, in which it is otherwise than most, or in which all are at odds.

    `evidence_id` is null for what the client says. One that is not `accepted` is the reader's proposal, and the
    others are not measured by it. One that `is_other_length` has another number of `characters` than most; if it
    is not `laid_out` either, it has too little in common with them to be compared column by column.
    """

    evidence_id: UUID | None
    accepted: bool
    cells: str
    differs: list[int]
    characters: int
    is_other_length: bool
    laid_out: bool


class Comparison(ApiOutput):
    """Numbers of one group, column by column: those of the photos in their order, last what the client says."""

    group: Group
    rows: list[ComparedRow]


class ReadingOfPhoto(ApiOutput):
    """What is said of a photo. `reading` is what counts, `version` the number of the newest version, 0 for none.

    `is_read`: the reader is asked for such photos; without a `proposal` it will be. `comparison` has the
    proposal among what was accepted, as long as it is not accepted itself.
    """

    evidence_id: UUID
    shot: Shot
    group: Group
    is_read: bool
    version: int
    reading: ReadingVersion | None
    versions: list[ReadingVersion]
    proposal: ProposalOut | None
    comparison: Comparison | None


class ReadingsOut(ApiOutput):
    """What stands on the photos of a case. `comparisons` are of what was accepted, one a group."""

    photos: list[ReadingOfPhoto]
    comparisons: list[Comparison]

    @classmethod
    def of(cls, found: Found) -> "ReadingsOut":
        sheet = _Sheet(found)
        return cls(
            photos=[sheet.of_photo(photo) for photo in found.photos],
            comparisons=[one for group in Group if (one := sheet.comparison(group)).rows],
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A number, and where it stands."""

    evidence_id: UUID | None
    said: Said


class _Sheet:
    """All that is accepted and said of one car."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._erased = found.case.erased_at is not None
        newest = {photo: versions[-1] for photo, versions in found.versions.items()}
        self._accepted: Mapping[UUID, PhotoReading] = (
            {} if self._erased else {photo: row for photo, row in newest.items() if row.text is not None}
        )

    def of_photo(self, photo: EvidenceRef) -> ReadingOfPhoto:
        versions = self._found.versions.get(photo.evidence_id, ())
        proposal = self._found.proposals.get(photo.evidence_id)
        accepted = self._accepted.get(photo.evidence_id)
        shown = proposal and ProposalOut.of(proposal)
        best = shown.candidates[0] if shown and shown.candidates and not accepted else None
        kind = accepted.kind if accepted else best.kind if best else None
        usual = Group.PLATE if photo.shot in domain.PLATES else Group.BODY
        group = Group.of(kind) if kind else usual
        return ReadingOfPhoto(
            evidence_id=photo.evidence_id,
            shot=photo.shot,
            group=group,
            is_read=photo.shot in READ_ON,
            version=versions[-1].version if versions else 0,
            reading=accepted and ReadingVersion.of(accepted, self._found.names),
            versions=[ReadingVersion.of(one, self._found.names) for one in versions],
            proposal=shown,
            comparison=best and self.comparison(group, {photo.evidence_id: best.identifier}),
        )

    def comparison(self, group: Group, proposed: Mapping[UUID, str] | None = None) -> Comparison:
        """What is accepted of a group, and what is proposed for a photo."""
        lines = list(self._lines(group, proposed or {}))
        compared = domain.compare([line.said for line in lines])
        return Comparison(
            group=group, rows=[_row(line, row) for line, row in zip(lines, compared, strict=True)]
        )

    def _lines(self, group: Group, proposed: Mapping[UUID, str]) -> Iterator[_Line]:
        for photo in self._found.photos:
            accepted = self._accepted.get(photo.evidence_id)
            if photo.evidence_id in proposed:
                yield _Line(photo.evidence_id, Said(proposed[photo.evidence_id], counts=False))
            elif accepted and accepted.text is not None and Group.of(accepted.kind) is group:
                yield _Line(photo.evidence_id, Said(accepted.text))
        for text in () if self._erased else _claimed(self._found.case.claim, group):
            yield _Line(None, Said(text))


def _row(line: _Line, row: Row) -> ComparedRow:
    return ComparedRow(
        evidence_id=line.evidence_id,
        accepted=line.said.counts,
        cells=row.cells,
        differs=list(row.differs),
        characters=row.characters,
        is_other_length=row.is_other_length,
        laid_out=row.laid_out,
    )


def _claimed(claimed: Mapping[str, object], group: Group) -> Sequence[str]:
    """The number of the group that the client says the car has, if they say one."""
    claim = VehicleClaim.model_validate(claimed)
    if Group.of(claim.identifier_kind) is group:
        return (claim.identifier,)
    return (claim.plate,) if group is Group.PLATE and claim.plate else ()
