"""The queue as the API speaks of it."""

from datetime import datetime
from uuid import UUID

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.clocks.schemas import Threshold, next_threshold
from bpa_service.cases.core.claims import display, display_plate
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.core.schemas import holder_of
from bpa_service.cases.queue import effort
from bpa_service.cases.queue.queries import Row
from bpa_service.evidence.links import PreviewOf
from service_kit.http.schemas import ApiOutput
from shared_schemas import clock as arithmetic
from shared_schemas import vin
from shared_schemas.clock import Reckoning
from shared_schemas.events.bpa_v1 import ExpertRef
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind, InspectionState, Shot


class ShotOut(ApiOutput):
    """A photo in small: `preview` is a link that needs no sign-in and ends in 10 to 20 minutes."""

    evidence_id: UUID
    shot: Shot
    preview: str


class QueueKnown(ApiOutput):
    """What is known of the car already: other cases of its number, nine at most, and whether another case has
    one of the photos, or one that looks like it (which the same photo does, too).
    """

    other_cases: int
    same_photo: bool
    similar_photo: bool


class CountsOut(ApiOutput):
    """How many cases each view has."""

    counts: dict[View, int]


class QueueRow(ApiOutput):
    """An open case. `identifier` and `plate` are as people read them. `shots` are its first three photos.

    `due_at` of the reckoning is null while it is paused.
    `effort_seconds` is how long it is likely to keep an expert busy. `claim_in_seconds` is how much
    time there was at the reckoning to claim it without being late; null once it was claimed, or is late.
    """

    id: UUID
    number: str
    identifier: str
    plate: str | None
    make: str | None
    model: str | None
    state: InspectionState
    disputed: bool
    version: int
    holder: ExpertRef | None
    needs_second_expert: bool
    claim_late: bool
    claim_in_seconds: int | None
    urgent: bool
    worry: str | None
    photos: int
    shots: list[ShotOut]
    known: QueueKnown
    effort_seconds: int
    open_tasks: int
    submitted_at: datetime
    reckoning: Reckoning
    next_threshold: Threshold | None

    @classmethod
    def of(cls, row: Row, policy: Policy, now: datetime, preview: PreviewOf) -> "QueueRow":
        case, claim = row.case, VehicleClaim.model_validate(row.case.claim)
        reckoning = arithmetic.reckon(row.clock, now)
        return cls(
            id=case.id,
            number=case.number,
            identifier=display(claim),
            plate=display_plate(claim),
            make=claim.make,
            model=claim.model,
            state=case.state,
            disputed=case.disputed,
            version=case.version,
            holder=holder_of(case, row.holder_name, now),
            needs_second_expert=case.needs_second_expert,
            claim_late=case.claim_late,
            claim_in_seconds=claim_in(
                case.claimed_at, reckoning.used_seconds, policy, is_late=case.claim_late
            ),
            urgent=case.urgent,
            worry=case.worry,
            photos=case.photo_count,
            shots=[
                ShotOut(evidence_id=evidence_id, shot=shot, preview=preview(evidence_id))
                for evidence_id, shot in row.photos
            ],
            known=QueueKnown(
                other_cases=others_of(claim.identifier, claim.identifier_kind, row.other_cases),
                same_photo=row.seen_elsewhere,
                similar_photo=row.similar_elsewhere,
            ),
            effort_seconds=round(effort.USUAL.of(case.photo_count, disputed=case.disputed)),
            open_tasks=row.open_tasks,
            submitted_at=case.submitted_at,
            reckoning=reckoning,
            next_threshold=next_threshold(row.clock, policy, now),
        )


def claim_in(
    claimed_at: datetime | None, used_seconds: float, policy: Policy, *, is_late: bool
) -> int | None:
    """How much time there is to claim a case without being late; None once it was claimed, or is late."""
    if claimed_at is not None or is_late:
        return None
    return max(0, int(policy.claim_window.total_seconds() - used_seconds))


def others_of(identifier: str, kind: IdentifierKind, counted: int) -> int:
    """How many cases of the same car there are: those with a number that no car has are not of the same one."""
    is_placeholder = kind is IdentifierKind.VIN and vin.is_placeholder(identifier)
    return 0 if is_placeholder else counted
