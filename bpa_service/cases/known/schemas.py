"""What is known of a car as the API speaks of it."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from bpa_service.cases.core.claims import display, display_plate
from bpa_service.cases.core.domain import OPEN
from bpa_service.cases.core.schemas import holder_of
from bpa_service.cases.known.covering import Covered, registers
from bpa_service.cases.known.queries import Known, Other
from bpa_service.cases.naming.domain import NameKind
from bpa_service.cases.tying.schemas import TieOut
from bpa_service.evidence.links import PreviewOf
from bpa_service.evidence.queries import SamePhoto, Similar
from bpa_service.vehicles.lookup.decoding import VinDecode
from bpa_service.vehicles.lookup.naming import names_in
from service_kit.http.schemas import ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.vin.learned import Learned
from shared_schemas.words import InspectionState, Shot, Verdict


class Source(StrEnum):
    """Where something may be known from."""

    CASES_BY_NUMBER = "cases_by_number"
    CASES_BY_PLATE = "cases_by_plate"
    CASES_BY_ENGINE = "cases_by_engine"
    CASES_BY_ADVERT = "cases_by_advert"
    SAME_PHOTO = "same_photo"
    SIMILAR_PHOTO = "similar_photo"
    REGISTERS = "registers"


_BY_NAME: Final = {
    Source.CASES_BY_NUMBER: NameKind.NUMBER,
    Source.CASES_BY_PLATE: NameKind.PLATE,
    Source.CASES_BY_ENGINE: NameKind.ENGINE,
    Source.CASES_BY_ADVERT: NameKind.ADVERT,
}


class CoverageOut(ApiOutput):
    """A source, and what came of asking it."""

    source: Source
    state: Covered


class SamePhotoOut(ApiOutput):
    """A photo of this case that another one has, byte by byte: `evidence_id` here, `other_id` there."""

    evidence_id: UUID
    other_id: UUID
    other_shot: Shot
    preview: str

    @classmethod
    def of(cls, photo: SamePhoto | Similar, preview: PreviewOf) -> Self:
        return cls(
            evidence_id=photo.evidence_id,
            other_id=photo.other_id,
            other_shot=photo.other_shot,
            preview=preview(photo.other_id),
        )


class SimilarPhotoOut(SamePhotoOut):
    """A photo of this case that looks like one of another: two files of one picture, or pictures of one scene."""


class KnownCase(ApiOutput):
    """Another case, why it is shown, and the answer that counts there. One that `is_open` is worked on meanwhile.

    `identifier` and `plate` are as people read them.
    """

    case_id: UUID
    number: str
    state: InspectionState
    is_open: bool
    identifier: str
    plate: str | None
    same_number: bool
    same_plate: bool
    same_engine: bool
    same_advert: bool
    holder: ExpertRef | None
    tie: TieOut | None
    same_photos: list[SamePhotoOut]
    similar_photos: list[SimilarPhotoOut]
    verdict: Verdict | None
    decided_at: datetime | None
    submitted_at: datetime

    @classmethod
    def of(cls, other: Other, now: datetime, preview: PreviewOf) -> "KnownCase":
        case, claim = other.case, VehicleClaim.model_validate(other.case.claim)
        return cls(
            case_id=case.id,
            number=case.number,
            state=case.state,
            is_open=case.state in OPEN,
            identifier=display(claim),
            plate=display_plate(claim),
            same_number=NameKind.NUMBER in other.shares,
            same_plate=NameKind.PLATE in other.shares,
            same_engine=NameKind.ENGINE in other.shares,
            same_advert=NameKind.ADVERT in other.shares,
            holder=holder_of(case, other.holder_name, now),
            tie=other.tie and TieOut.of(case.id, other.tie),
            same_photos=[SamePhotoOut.of(photo, preview) for photo in other.photos],
            similar_photos=[SimilarPhotoOut.of(photo, preview) for photo in other.similar],
            verdict=other.verdict,
            decided_at=other.decided_at,
            submitted_at=case.submitted_at,
        )


class KnownOut(ApiOutput):
    """What is known of the car before anything is looked at: other cases, the newest first; what its VIN says.

    `coverage` says of each source what came of asking it: that nothing is found where nobody asked means nothing.
    """

    asked_at: datetime
    cases: list[KnownCase]
    has_more: bool
    decode: VinDecode | None
    coverage: list[CoverageOut]

    @classmethod
    def of(cls, known: Known, now: datetime, learned: Learned, preview: PreviewOf) -> "KnownOut":
        def state(found: bool, *, asked: bool = True) -> Covered:
            if not asked:
                return Covered.DECLINED
            return Covered.DATA if found else Covered.EMPTY

        others = known.others
        said = {
            **{
                source: state(any(kind in one.shares for one in others), asked=kind in known.names)
                for source, kind in _BY_NAME.items()
            },
            Source.SAME_PHOTO: state(any(one.photos for one in others)),
            Source.SIMILAR_PHOTO: _of_similar(known),
            Source.REGISTERS: registers(known.answered, has_number=bool(names_in(known.claim))),
        }
        return cls(
            asked_at=now,
            cases=[KnownCase.of(other, now, preview) for other in others],
            has_more=known.has_more,
            decode=VinDecode.of(known.claim, now, learned),
            coverage=[CoverageOut(source=source, state=covered) for source, covered in said.items()],
        )


def _of_similar(known: Known) -> Covered:
    if any(one.similar for one in known.others):
        return Covered.DATA
    if not known.compared.is_over:
        return Covered.NOT_ASKED
    return Covered.EMPTY if known.compared.hashed else Covered.DECLINED
